import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOwnName } from '../../apps/cli/src/cluster/own-names.ts';
import { needs } from '../../tools/test/facts.ts';
import { cli, noFoundEngine, type Ran, run } from '../cluster/test-cluster.ts';
import { freePort } from '../support/free-port.ts';

/** A directory that is not the cluster's alone. */
const name = 'e2e-data-dir';
let dir: string;
let data: string;
let kubeconfig: string;
const ofAll = (...args: string[]): Promise<Ran> =>
  run(process.execPath, [cli, ...args], { env: { HOME: dir, KUBECONFIG: kubeconfig, ...noFoundEngine(dir) } });
const kubernest = (command: string, ...args: string[]): Promise<Ran> =>
  ofAll(command, `--name=${name}`, `--data-dir=${data}`, ...args);
/** Of this cluster, in the list of all. */
const listed = async (): Promise<string | undefined> => {
  const rows = JSON.parse((await ofAll('list', '-o', 'json')).stdout) as { dataDir: string; state: string }[];
  return rows.find(({ dataDir }) => dataDir === data)?.state;
};
/** Its own also while the cluster is stopped, when another test's could take it. */
const ownPort = `--api-port=${await freePort()}`;
const up = (...args: string[]): Promise<Ran> =>
  kubernest('up', '--detach', '--runtime=hollow', '--no-install', ownPort, ...args);
const inFront = (...args: string[]): Promise<Ran> => kubernest('up', '--runtime=hollow', '--no-install', ...args);
const authority = (): string | undefined =>
  /certificate-authority-data: (\S+)/.exec(readFileSync(join(data, 'admin.kubeconfig'), 'utf8'))?.[1];
const mounts = (): readonly string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .filter((point) => point.startsWith(dir));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubernest-data-dir-'));
  data = join(dir, 'data');
  kubeconfig = join(dir, 'config');
  mkdirSync(data);
});
afterEach(async () => {
  await kubernest('down', '--purge');
  for (const point of mounts().toReversed()) spawnSync('umount', [point]);
  rmSync(dir, { recursive: true, force: true });
});

describe('a disk that is mounted at the data directory', needs('root'), () => {
  it.each([
    ['a file system', () => spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'none', data])],
    [
      'a folder of a disk',
      () => {
        mkdirSync(join(dir, 'disk'));
        return spawnSync('mount', ['--bind', join(dir, 'disk'), data]);
      },
    ],
  ])('stays mounted over stops, missed when it is gone, and emptied by a purge: %s', async (_, mount) => {
    expect(mount().status).toBe(0);
    expect(await up()).toMatchObject({ code: 0 });
    const first = authority();
    expect(await kubernest('down')).toMatchObject({ code: 0 });
    expect(mounts()).toEqual([data]);
    expect(await up()).toMatchObject({ code: 0 });
    expect(authority()).toBe(first);
    expect(await kubernest('down', '--purge')).toMatchObject({ code: 0, stderr: '' });
    expect([mounts(), readdirSync(data)]).toEqual([[data], []]);
  });

  it('stays mounted where it is a part of the data directory, emptied by a purge', async () => {
    mkdirSync(join(dir, 'disk'));
    expect(await up()).toMatchObject({ code: 0 });
    await kubernest('down');
    const sqlite = join(data, 'sqlite');
    expect(spawnSync('cp', ['-a', `${sqlite}/.`, join(dir, 'disk')]).status).toBe(0);
    expect(spawnSync('mount', ['--bind', join(dir, 'disk'), sqlite]).status).toBe(0);
    expect(await up()).toMatchObject({ code: 0 });
    await kubernest('down');
    expect(mounts()).toEqual([sqlite]);
    expect(await kubernest('down', '--purge')).toMatchObject({ code: 0, stderr: '' });
    expect([mounts(), readdirSync(data), readdirSync(sqlite)]).toEqual([[sqlite], ['sqlite'], []]);
  });

  it('is missed when a start finds what lies beneath it', async () => {
    mkdirSync(join(dir, 'disk'));
    const bind = () => expect(spawnSync('mount', ['--bind', join(dir, 'disk'), data]).status).toBe(0);
    bind();
    expect(await up()).toMatchObject({ code: 0 });
    await kubernest('down');
    spawnSync('umount', [data]);
    const refused = await up();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    const missed = `${data} held a cluster and is without it: was its disk mounted there?`;
    expect(refused.stderr).toContain(missed);
    expect((await kubernest('status')).stderr).toContain(missed);
    expect(await listed()).toBe('missing');
    expect(readdirSync(data)).toEqual([]);
    bind();
    expect(await listed()).toBe('stopped');
    expect(await up()).toMatchObject({ code: 0 });
    await kubernest('down');
    spawnSync('umount', [data]);
    // The way out that was told.
    expect(await kubernest('down', '--purge')).toMatchObject({ code: 0 });
    expect(await listed()).toBeUndefined();
    expect(await up()).toMatchObject({ code: 0 });
  });
});

it(
  'a disk that is full at the first start is the reason that is told, whoever meets it first',
  needs('root'),
  async () => {
    for (const kibibytes of [4, 12, 24, 64, 160]) {
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k,mode=755`, 'none', data]).status).toBe(0);
      const { code, stderr } = await up();
      if (code !== 0)
        expect([kibibytes, stderr.trimEnd().split('\n').at(-1)]).toEqual([
          kibibytes,
          expect.stringMatching(/no space left|is full|no room/),
        ]);
      await kubernest('down', '--purge');
      expect(spawnSync('umount', [data]).status).toBe(0);
      if (code === 0) return;
    }
  },
);

it('a cluster of another user is not taken for none', needs('root'), async () => {
  expect(await up()).toMatchObject({ code: 0 });
  const asNobody = (command: string): Promise<Ran> =>
    run(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        cli,
        command,
        `--name=${name}`,
        `--data-dir=${data}`,
      ],
      { env: { HOME: dir, KUBECONFIG: undefined, ...noFoundEngine(dir), NODE_COMPILE_CACHE: undefined } },
    );
  for (const mode of [0o700, 0o711]) {
    chmodSync(dir, mode);
    for (const command of ['status', 'down', 'kubeconfig']) {
      const { code, stderr } = await asNobody(command);
      expect([command, code, stderr]).toEqual([command, 1, expect.stringContaining('cannot be read by this user')]);
    }
  }
  expect(await kubernest('status')).toMatchObject({ code: 0 });
});

it('what is another user’s in a data directory is refused by name', needs('root'), async () => {
  expect(await up()).toMatchObject({ code: 0 });
  await kubernest('down');
  for (const part of ['sealing.key', 'sqlite']) {
    chownSync(join(data, part), 65534, 65534);
    expect((await up()).stderr).toContain(`${join(data, part)} belongs to another user (uid 65534)`);
    chownSync(join(data, part), 0, 0);
  }
});

describe('a folder of somebody', () => {
  it('is no data directory, and stays as it is', async () => {
    writeFileSync(join(data, 'thesis.txt'), 'years of work');
    const before = statSync(data).mode;
    const refused = await up();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`the data directory ${data} holds something else than a cluster (thesis.txt)`);
    expect([statSync(data).mode, readdirSync(data)]).toEqual([before, ['thesis.txt']]);
    await kubernest('down', '--purge');
    expect(readdirSync(data)).toEqual(['thesis.txt']);
  });

  it('holds nothing but what is known to be the cluster’s, and keeps what somebody puts there', async () => {
    expect(await up()).toMatchObject({ code: 0 });
    expect(readdirSync(data).filter((entry) => !isOwnName(entry))).toEqual([]);
    for (const file of ['state.db', 'state.db-wal'])
      expect(statSync(join(data, 'sqlite', file)).mode & 0o777).toBe(0o600);
    writeFileSync(join(data, 'thesis.txt'), 'years of work');
    const ran = await kubernest('down', '--purge');
    expect(ran.stdout).toContain(`what is not of the cluster stays in ${data}: thesis.txt`);
    expect(readdirSync(data)).toEqual(['thesis.txt']);
  });

  it('is the machine’s own where none can be made: told at once', async () => {
    data = '/proc/kubernest-e2e';
    expect((await up()).stderr).toMatch(
      /data directory \/proc\/kubernest-e2e cannot be used: there is no such file or folder/,
    );
  });
});

it.each(['--data-dir=', '--name=', '--store=', '--store=somewhere'])('%s is a wrong command line', async (flag) => {
  const ran = await run(process.execPath, [cli, 'up', '--runtime=hollow', flag], {
    env: { HOME: dir, KUBECONFIG: kubeconfig, ...noFoundEngine(dir) },
    cwd: data,
  });
  expect(ran).toMatchObject({ code: 2 });
  expect(readdirSync(dir)).toEqual(['data']);
});

it('a first start that its port keeps from beginning leaves nothing, in the background or not', async () => {
  rmSync(data, { recursive: true });
  const server = createServer().listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    for (const start of [up, inFront]) {
      const { code, stderr } = await start(`--api-port=${port}`);
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`port ${port} is already in use by .+ \\(pid ${process.pid}\\)`));
      expect(stderr).not.toContain('up.log');
    }
    expect(existsSync(data)).toBe(false);
  } finally {
    server.close();
  }
});

it('a second cluster of the same name is refused while the first has its context', async () => {
  expect(await up()).toMatchObject({ code: 0 });
  const before = authority();
  const first = data;
  data = join(dir, 'second');
  for (const words of ['runs', 'has its context']) {
    const refused = await up();
    expect(refused.stderr).toContain(`another cluster "${name}" ${words}, that in ${first}: use another --name`);
    expect(existsSync(data)).toBe(false);
    data = first;
    await kubernest('down');
    data = join(dir, 'second');
  }
  data = first;
  expect(await up()).toMatchObject({ code: 0 });
  expect(readFileSync(kubeconfig, 'utf8')).toContain(before);
});
