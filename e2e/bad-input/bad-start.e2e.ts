import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cli, run } from '../cluster/test-cluster.ts';
import { freePort } from '../support/free-port.ts';
import { hollow, mustTell, OneCluster, takePort } from './one-cluster.ts';

const cluster = new OneCluster('e2e-bad-start');
const { dir, data, up, down } = cluster;
afterAll(cluster.end);

describe('a kubeconfig', () => {
  it('of somebody else keeps what is in it', async () => {
    const file = join(dir, 'foreign');
    writeFileSync(
      file,
      'apiVersion: v1\nkind: Config\nclusters:\n- name: theirs\n  cluster:\n    server: https://127.0.0.1:1\n',
    );
    expect(await cluster.kubernestWith(file, 'up', '--detach', ...hollow)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toContain(cluster.name);
    await cluster.kubernestWith(file, 'down', '--purge');
    expect(readFileSync(file, 'utf8')).toContain('theirs');
    expect(readFileSync(file, 'utf8')).not.toContain(cluster.name);
  });

  it.each([
    ['that is broken', (file: string) => writeFileSync(file, 'clusters: [unclosed\n')],
    ['that is a folder', (file: string) => mkdirSync(file)],
    ['that is a pipe', (file: string) => execFileSync('mkfifo', [file])],
    ['that is a device', (file: string) => execFileSync('mknod', [file, 'c', '1', '3'])],
    ['whose aliases lead nowhere', (file: string) => writeFileSync(file, 'clusters: *none\n')],
  ])('%s is told of before anything starts, and stays as it is', async (what, make) => {
    const file = join(dir, what.replaceAll(' ', '-'));
    make(file);
    const ran = await cluster.kubernestWith(file, 'up', '--detach', ...hollow);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(file);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect([data, `${file}.lock`].map((path) => existsSync(path))).toEqual([false, false]);
    if (/pipe|device/.test(what)) expect(statSync(file).isFile()).toBe(false);
    if (what === 'that is broken') expect(readFileSync(file, 'utf8')).toBe('clusters: [unclosed\n');
  });
});

it.each([
  ['damaged', (file: string) => writeFileSync(file, 'clusters: [unclosed\n')],
  ['locked by a program that died', (file: string) => writeFileSync(`${file}.lock`, '')],
])(
  'a kubeconfig that is %s meanwhile keeps nothing from being stopped',
  async (what, befall) => {
    const file = join(dir, `stop-${what.replaceAll(' ', '-')}`);
    expect(await cluster.kubernestWith(file, 'up', '--detach', ...hollow)).toMatchObject({ code: 0 });
    befall(file);
    const stopped = await cluster.kubernestWith(file, 'down');
    expect(stopped).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`cluster "${cluster.name}" is stopped\n`),
    });
    expect(stopped.stderr).toMatch(
      /^kubernest: .*\. The cluster is stopped, but your kubeconfig may still have its context: .*\n$/,
    );
    const purged = await cluster.kubernestWith(file, 'down', '--purge');
    mustTell(purged, /The cluster is stopped, but .* take it out with: kubectl config delete-context/);
    expect(existsSync(data)).toBe(false);
  },
  60_000,
);

it('what the output has no room for ends with 1 and the reason, and a reader that has seen enough does not', async () => {
  const kubernest = `"${process.execPath}" "${cli}"`;
  const env = { HOME: dir, KUBECONFIG: join(dir, 'config'), NODE_COMPILE_CACHE: undefined };
  const shell = (line: string) => run('bash', ['-o', 'pipefail', '-c', line], { env });
  const into = join(dir, 'output');
  for (const words of ['completion bash', 'up --help'])
    expect(await shell(`ulimit -f 1; ${kubernest} ${words} > '${into}'`)).toMatchObject({
      code: 1,
      stderr: 'kubernest: the output cannot be written: the file is as large as it may be\n',
    });
  expect(await shell(`${kubernest} completion bash > '${into}'`)).toMatchObject({ code: 0, stderr: '' });
  expect(await shell(`${kubernest} completion bash | head -c 1`)).toMatchObject({ code: 0, stderr: '' });
});

describe('a port', () => {
  it('of the API that is taken is told of', async () => {
    const { server, port } = await takePort();
    try {
      const ran = await up(...hollow, `--api-port=${port}`);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(new RegExp(`port ${port} is already in use by .+ \\(pid ${process.pid}\\); choose`));
      expect(ran.stderr).not.toMatch(/\n\s+at /);
    } finally {
      server.close();
    }
  });

  it('of the kubelet that was taken meanwhile is left for another', async () => {
    // No other cluster takes this one while it is down.
    const first = await up(...hollow, `--api-port=${await freePort()}`);
    expect(first).toMatchObject({ code: 0 });
    // What is done in the background is told as it goes.
    expect(first.stdout).toMatch(/starting cluster [\s\S]* API ready at [\s\S]* is up; /);
    await cluster.kubernest('down');
    const facts = () => JSON.parse(readFileSync(join(data, 'cluster.json'), 'utf8')) as { kubeletPort: number };
    const before = facts().kubeletPort;
    const { server } = await takePort(before);
    try {
      expect(await up('--no-install')).toMatchObject({ code: 0, stderr: '' });
      expect(facts().kubeletPort).not.toBe(before);
    } finally {
      server.close();
      await down();
    }
  });
});

describe('a data directory', () => {
  const facts = { format: 1, name: cluster.name, index: 41, apiPort: 1, kubeletPort: 2, store: 'sqlite' };
  it.each([
    ['of a newer Kubernest', JSON.stringify({ ...facts, format: 99 }), 'written by a newer Kubernest'],
    ['of another cluster', JSON.stringify({ ...facts, name: 'other' }), 'belongs to the cluster "other"'],
    ['that was torn', '{"form', 'cluster.json cannot be read'],
  ])('%s is refused and left alone, by up and by down --purge', async (_what, text, words) => {
    const file = join(data, 'cluster.json');
    mkdirSync(data, { recursive: true });
    writeFileSync(file, text);
    for (const ran of [await up(...hollow), await down()]) {
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain(words);
      expect(ran.stderr).not.toMatch(/\n\s+at /);
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
    rmSync(data, { recursive: true });
  });

  it('starts one cluster at a time', async () => {
    const both = await Promise.all([up(...hollow), up(...hollow)]);
    expect(both.map((ran) => ran.code).sort()).toEqual([0, 1]);
    expect(both.find((ran) => ran.code === 1)!.stderr).toContain(`cluster "${cluster.name}" is already running`);
    expect(await cluster.kubernest('status')).toMatchObject({ code: 0 });
    await down();
  });
});

describe('a first start', () => {
  it('that failed, whatever it was, ends with the reason as its last word and binds nobody to its store', async () => {
    const words = /no etcd answers at http:\/\/127\.0\.0\.1:1: is it running\?/;
    mustTell(await cluster.kubernest('up', ...hollow, '--store=http://127.0.0.1:1'), words);
    expect(await up(...hollow)).toMatchObject({ code: 0, stderr: '' });
    await down();
  });
});
