import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { procStat } from '@kubernest/process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hollow, mustTell, OneCluster } from '../bad-input/one-cluster.ts';
import { cli, type Ran, run } from './test-cluster.ts';

const cluster = new OneCluster('e2e-lost-records');
const { data, up, down } = cluster;
const kubernest = (command: string, ...args: string[]): Promise<Ran> => cluster.kubernest(command, ...args);
const started = async (): Promise<void> => expect(await up(...hollow)).toMatchObject({ code: 0, stderr: '' });
const at = (file: string): string => join(data, file);
const pidOf = (name: string): number =>
  (JSON.parse(readFileSync(at(`run/${name}.json`), 'utf8')) as { pid: number }).pid;
const kill = (name: string, signal: NodeJS.Signals): true => process.kill(pidOf(name), signal);
const loseRecords = (): void => {
  for (const name of readdirSync(at('run'))) if (name.endsWith('.json')) rmSync(at(`run/${name}`));
};

/** Every process with the cluster's data directory in its arguments, by its program. */
function left(): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const ours = words.some((word) => word.startsWith(`--data-dir=${data}`));
      return ours ? [/(\w+)\.js$/.exec(words.find((word) => word.endsWith('.js')) ?? '')?.[1] ?? '?'] : [];
    } catch {
      return []; // it has just ended
    }
  });
}

afterEach(async () => {
  await down();
  expect(left()).toEqual([]);
});
afterAll(cluster.end);

describe('a cluster that runs', () => {
  it.each<[string, () => void]>([
    ['the record of its up', () => rmSync(at('run/up.json'))],
    ['every record', loseRecords],
    [
      'what its records said',
      () => {
        for (const name of ['up', 'down', 'api', 'agent']) writeFileSync(at(`run/${name}.json`), '{}');
      },
    ],
  ])('is told of, and stopped, without %s', async (_, lose) => {
    await started();
    const pid = pidOf('up');
    lose();
    expect((await kubernest('status')).stdout).toMatch(new RegExp(`^up +running \\(pid ${pid}\\)$`, 'm'));
    mustTell(await up(...hollow), new RegExp(`is already running \\(pid ${pid}\\)`));
    expect(await kubernest('down')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is stopped'),
      stderr: '',
    });
    expect(left()).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['lost', () => rmSync(at('cluster.json'))],
    ['damaged', () => writeFileSync(at('cluster.json'), '{"form')],
  ])('is stopped, and the fault told, where its facts are %s', async (_, befall) => {
    await started();
    const facts = readFileSync(at('cluster.json'));
    befall();
    mustTell(await kubernest('down'), /nothing of cluster .* runs any more, but .*cluster\.json .* from a backup/);
    expect(left()).toEqual([]);
    writeFileSync(at('cluster.json'), facts);
  });
});

describe('a cluster whose up was killed', () => {
  const killed = async (): Promise<void> => {
    await started();
    kill('up', 'SIGKILL');
  };

  it('is unwell, in words and in JSON, with what goes on, until it is stopped', async () => {
    await killed();
    const words = `up does not run, and nobody starts again what ends of api (pid ${pidOf('api')}), agent (pid ${pidOf('agent')})`;
    expect((await kubernest('status')).stdout).toContain(`unwell  ${words}`);
    expect(JSON.parse((await kubernest('status', '--output=json')).stdout)).toMatchObject({
      state: 'unwell',
      unwell: [expect.stringContaining(words)],
    });
    const env = { HOME: cluster.dir };
    const rows = JSON.parse((await run(process.execPath, [cli, 'list', '-o', 'json'], { env })).stdout);
    expect(rows).toContainEqual(
      expect.objectContaining({ dataDir: data, state: 'unwell', fault: expect.stringContaining(words) }),
    );
    expect(await kubernest('down')).toMatchObject({ code: 0, stderr: '' });
    expect(left()).toEqual([]);
    expect((await kubernest('status')).stdout).toMatch(/^api +not running$/m);
  });

  it.each(['up', 'down'])('is found by %s without records', async (command) => {
    await killed();
    const api = pidOf('api');
    loseRecords();
    expect(await (command === 'up' ? up() : down())).toMatchObject({ code: 0, stderr: '' });
    expect(procStat(api)?.state ?? 'Z').toBe('Z');
    if (command === 'up') expect([...left()].sort()).toEqual(['agent', 'api', 'cli']);
  });
});

describe('a process that is suspended', () => {
  it('holds up neither status nor the dashboard, and is stopped', async () => {
    await started();
    for (const name of ['up', 'api']) kill(name, 'SIGSTOP');
    const [status, link] = await Promise.all([kubernest('status'), kubernest('dashboard', '--url')]);
    expect(status).toMatchObject({ code: 1 });
    for (const name of ['up', 'api'])
      expect(status.stdout).toContain(`${name} is suspended and does nothing: wake it with kill -CONT ${pidOf(name)}`);
    mustTell(link, /the API at .* did not answer within \d+ s/);
    expect(await kubernest('down')).toMatchObject({ code: 0, stderr: '' });
  });

  it('and was stopping the cluster is named to who waits for it', async () => {
    await started();
    const stopper = begin('down');
    while (!existsSync(at('run/down.json'))) await sleep(1);
    kill('down', 'SIGSTOP');
    const words = new RegExp(`another command \\(pid ${stopper.child.pid}\\) .* is suspended: .* kill -CONT`);
    for (const ran of await Promise.all([up(), kubernest('down')])) mustTell(ran, words);
    stopper.child.kill('SIGCONT');
    expect(await stopper.ended).toBe(0);
  });
});

interface Begun {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
}

function begin(command: string, ...args: string[]): Begun {
  const flags = [`--name=${cluster.name}`, `--data-dir=${data}`, ...args];
  const env = { ...process.env, HOME: cluster.dir, KUBECONFIG: join(cluster.dir, 'config') };
  const child = spawn(process.execPath, [cli, command, ...flags], { env, stdio: 'ignore' });
  return { child, ended: new Promise((done) => child.once('exit', done)) };
}

it('a purge beside a first start leaves a cluster that runs, or nothing, and never one that nobody stops', async () => {
  for (const made of ['', 'run', 'run/up.log', 'cluster.json', 'run/api.json', 'admin.kubeconfig']) {
    const start = begin('up', '--detach', ...hollow);
    let isOver = false;
    void start.ended.then(() => {
      isOver = true;
    });
    while (!existsSync(at(made)) && !isOver) await sleep(1);
    expect([made, (await down()).code]).toEqual([made, 0]);
    if ((await start.ended) === 0 && existsSync(data))
      expect(await kubernest('status')).toMatchObject({ code: 0, stdout: expect.stringContaining('answers') });
    else expect([left(), existsSync(data)]).toEqual([[], false]);
    expect(await down()).toMatchObject({ code: 0 });
    expect([left(), existsSync(data)]).toEqual([[], false]);
  }
}, 120_000);

describe('a data directory', () => {
  let folder: string;
  beforeAll(() => {
    folder = join(cluster.dir, 'a=b', 'c,d:e f');
  });

  it('may have any name, and all that a cluster writes lies in it', async () => {
    mkdirSync(folder, { recursive: true });
    const victim = join(cluster.dir, 'a');
    writeFileSync(victim, 'of somebody');
    const inFolder = { data: join(folder, 'data') };
    const flags = ['--name=e2e-any-name', `--data-dir=${inFolder.data}`];
    const env = { HOME: cluster.dir, KUBECONFIG: join(cluster.dir, 'any') };
    const ran = (command: string, ...args: string[]): Promise<Ran> =>
      run(process.execPath, [cli, command, ...flags, ...args], { env });
    const before = readdirSync(cluster.dir).sort();
    expect(await ran('up', '--detach', ...hollow)).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(inFolder.data, 'agent', 'kubeconfig'))).toBe(true);
    expect(await ran('down', '--purge')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(victim, 'utf8')).toBe('of somebody');
    expect(
      readdirSync(cluster.dir)
        .filter((name) => !['any', '.local'].includes(name))
        .sort(),
    ).toEqual(before);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is nobody else’s to change, whatever the user lets others do', async () => {
    const line = 'umask 0; exec "$@"';
    const command = [
      process.execPath,
      cli,
      'up',
      `--name=${cluster.name}`,
      `--data-dir=${data}`,
      '--detach',
      ...hollow,
    ];
    const env = { HOME: cluster.dir, KUBECONFIG: join(cluster.dir, 'config') };
    expect(await run('sh', ['-c', line, 'sh', ...command], { env })).toMatchObject({ code: 0, stderr: '' });
    const open = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter(
      (name) => (statSync(at(name)).mode & 0o022) !== 0,
    );
    expect([open, statSync(data).mode & 0o022]).toEqual([[], 0]);
  });
});

it('a current folder that was removed keeps no command from its work', async () => {
  const gone = join(cluster.dir, 'gone');
  mkdirSync(gone);
  const inGone = (...args: string[]): Promise<Ran> => {
    if (!existsSync(gone)) mkdirSync(gone);
    return run(
      'sh',
      ['-c', 'cd "$1" && rmdir "$1" && shift && exec "$@"', 'sh', gone, process.execPath, cli, ...args],
      {
        env: { HOME: cluster.dir, KUBECONFIG: join(cluster.dir, 'config') },
      },
    );
  };
  rmdirSync(gone);
  expect(await inGone('version')).toMatchObject({ code: 0 });
  expect(await inGone('up', '--detach', `--name=${cluster.name}`, `--data-dir=${data}`, ...hollow)).toMatchObject({
    code: 0,
  });
  expect(await inGone('status', '--data-dir=here')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--data-dir here begins in the current folder, which somebody has removed'),
  });
});
