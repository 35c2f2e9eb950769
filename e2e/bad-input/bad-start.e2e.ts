import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { openSqliteStore } from '@kubernest/store/sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cli, noFoundEngine, type Ran, root, run } from '../cluster/test-cluster.ts';
import { freePort } from '../support/free-port.ts';

/** Nobody but `up` and `down` of one cluster, so that each start can fail in its own way. */
const name = 'e2e-bad-start';
let dir: string;
let data: string;
let kubeconfig: string;
const common = (): string[] => [`--name=${name}`, `--data-dir=${data}`];
const kubernest = (command: string, ...args: string[]): Promise<Ran> =>
  run(process.execPath, [cli, command, ...common(), ...args], {
    env: { HOME: dir, KUBECONFIG: kubeconfig, ...noFoundEngine(dir) },
  });
const hollow = ['--runtime=hollow', '--hollow-nodes=1', '--no-install'];
const up = (...args: string[]): Promise<Ran> => kubernest('up', '--detach', ...args);
const down = (): Promise<Ran> => kubernest('down', '--purge');

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubernest-bad-'));
  data = join(dir, 'data');
  kubeconfig = join(dir, 'config');
});
afterAll(async () => {
  await down();
  rmSync(dir, { recursive: true, force: true });
});

async function takePort(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(port, '0.0.0.0');
  await new Promise((done) => server.once('listening', done));
  return { server, port: (server.address() as { port: number }).port };
}

/** It failed with this as its last word, for people. */
function mustTell({ code, stdout, stderr }: Ran, words: RegExp): void {
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(words);
  expect(stderr + stdout).not.toMatch(/\n\s+at |starting it again/);
}

describe('a kubeconfig', () => {
  const withKubeconfig = async (file: string, what: () => Promise<void>): Promise<void> => {
    const before = kubeconfig;
    kubeconfig = file;
    await what().finally(() => {
      kubeconfig = before;
    });
  };

  it('of somebody else keeps what is in it', async () => {
    const file = join(dir, 'foreign');
    writeFileSync(
      file,
      'apiVersion: v1\nkind: Config\nclusters:\n- name: theirs\n  cluster:\n    server: https://127.0.0.1:1\n',
    );
    await withKubeconfig(file, async () => {
      expect(await up(...hollow)).toMatchObject({ code: 0 });
      expect(readFileSync(file, 'utf8')).toContain(name);
      await down();
    });
    expect(readFileSync(file, 'utf8')).toContain('theirs');
    expect(readFileSync(file, 'utf8')).not.toContain(name);
  });

  it.each([
    ['that is broken', (file: string) => writeFileSync(file, 'clusters: [unclosed\n')],
    ['that is a folder', (file: string) => mkdirSync(file)],
  ])('%s is told of before anything starts, and stays as it is', async (what, make) => {
    const file = join(dir, what.replaceAll(' ', '-'));
    make(file);
    await withKubeconfig(file, async () => {
      const ran = await up(...hollow);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain(file);
      expect(ran.stderr).not.toMatch(/\n\s+at /);
    });
    expect(existsSync(data)).toBe(false);
    if (what === 'that is broken') expect(readFileSync(file, 'utf8')).toBe('clusters: [unclosed\n');
  });
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
    await kubernest('down');
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
  const facts = { format: 1, name, index: 41, apiPort: 1, kubeletPort: 2, store: 'sqlite' };
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
    expect(both.find((ran) => ran.code === 1)!.stderr).toContain(`cluster "${name}" is already running`);
    expect(await kubernest('status')).toMatchObject({ code: 0 });
    await down();
  });
});

describe('what is left of a cluster that ran', () => {
  const at = (file: string): string => join(data, file);
  const stateFiles = ['state.db', 'state.db-wal'].map((file) => `sqlite/${file}`);
  const lose = (...files: string[]): void => {
    for (const file of files) rmSync(at(file), { recursive: true, force: true });
  };
  const becomesFolder = (file: string): void => {
    lose(file);
    mkdirSync(at(file));
  };
  let whole: string;

  beforeAll(async () => {
    expect(await up(...hollow)).toMatchObject({ code: 0 });
    expect(await kubernest('down')).toMatchObject({ code: 0 });
    whole = join(dir, 'whole');
    cpSync(data, whole, { recursive: true });
  });
  beforeEach(() => {
    rmSync(data, { recursive: true, force: true });
    cpSync(whole, data, { recursive: true });
  });
  afterAll(async () => {
    rmSync(data, { recursive: true, force: true });
    cpSync(whole, data, { recursive: true });
    // None of it had harmed the cluster.
    expect(await up(...hollow)).toMatchObject({ code: 0 });
    await down();
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'state.db lost',
      () => lose(...stateFiles),
      /state\.db is missing, but .*apiserver\.crt shows that the cluster has run/,
    ],
    ['its log alone kept', () => lose('sqlite/state.db'), /state\.db is missing/],
    ['the folder of state.db lost', () => lose('sqlite'), /state\.db is missing, but .* down --purge --name/],
    [
      'state.db emptied',
      () => {
        lose(...stateFiles);
        writeFileSync(at('sqlite/state.db'), '');
      },
      /state\.db is empty, but .* Put its state back from a backup/,
    ],
    [
      'state.db made anew',
      async () => {
        lose('sqlite');
        await (await openSqliteStore({ directory: at('sqlite') })).close();
      },
      /state\.db holds no cluster "e2e-bad-start", but/,
    ],
    [
      'state.db cut in half',
      () => truncateSync(at('sqlite/state.db'), statSync(at('sqlite/state.db')).size >> 1),
      /state\.db is damaged: restore a backup, or begin anew without what it held: .* down --purge --name/,
    ],
    [
      'state.db overwritten from its beginning',
      () => writeFileSync(at('sqlite/state.db'), Buffer.alloc(200_000, 0xa5)),
      /state\.db is damaged: restore a backup/,
    ],
    [
      'state.db overwritten in its middle',
      () => {
        const bytes = readFileSync(at('sqlite/state.db'));
        writeFileSync(at('sqlite/state.db'), bytes.fill(0xa5, bytes.length >> 1));
      },
      /state\.db is damaged: restore a backup/,
    ],
    [
      'state.db-wal lost after a crash',
      () => {
        lose('sqlite/state.db-wal');
        writeFileSync(at('sqlite/open'), '');
      },
      /state\.db-wal is missing, which had the last writes .*: restore a backup.*, or begin anew .* down --purge --name/,
    ],
    [
      'state.db a folder',
      () => becomesFolder('sqlite/state.db'),
      /state\.db cannot be used: unable to open database file/,
    ],
    ['the sealing key lost', () => lose('sealing.key'), /sealing key .*sealing\.key is missing: .* from a backup/],
    ['the sealing key emptied', () => writeFileSync(at('sealing.key'), ''), /sealing\.key: sealing key is malformed/],
    [
      'the sealing key damaged',
      () => writeFileSync(at('sealing.key'), 'c2hvcnQ='),
      /sealing\.key: sealing key is malformed/,
    ],
    [
      "another cluster's sealing key",
      () => writeFileSync(at('sealing.key'), Buffer.alloc(32, 7).toString('base64')),
      /was sealed with another key \(.*sealing\.key has .*\): give this server the sealing key/,
    ],
    ['a folder as sealing key', () => becomesFolder('sealing.key'), /sealing\.key cannot be read: EISDIR/],
    ['its facts lost', () => lose('cluster.json'), /cluster\.json is missing, but a cluster has run in/],
    [
      'its facts emptied',
      () => writeFileSync(at('cluster.json'), ''),
      /cluster\.json cannot be read: .* from a backup/,
    ],
    [
      'its facts no object',
      () => writeFileSync(at('cluster.json'), '7'),
      /cluster\.json cannot be read: it holds no object/,
    ],
    [
      'its facts without ports',
      () => writeFileSync(at('cluster.json'), JSON.stringify({ format: 1, name, index: 3, store: 'sqlite' })),
      /cluster\.json cannot be read: apiPort is no port/,
    ],
    [
      'a file where a folder was',
      () => {
        lose('run');
        writeFileSync(at('run'), '');
      },
      /data directory .* cannot be used: EEXIST/,
    ],
  ])(
    '%s: up ends at once with the reason as its last word, and leaves what there is as it is',
    async (_, damage, words) => {
      await damage();
      const before = contents(data);
      mustTell(await kubernest('up', ...hollow), words);
      expect(contents(data)).toEqual(before);
    },
  );

  it('is told of in the terminal where the cluster was to go to the background', async () => {
    lose('sealing.key');
    mustTell(await up(...hollow), /^kubernest: the cluster did not come up: api ended .* sealing key .* is missing/);
  });

  it('is made anew where the store holds what it takes', async () => {
    const files = ['pki/apiserver.crt', 'pki/apiserver-kubelet-client.key', 'admin.kubeconfig'];
    for (const file of files) writeFileSync(at(file), 'damaged');
    expect(await up(...hollow)).toMatchObject({ code: 0, stderr: '' });
    expect(await kubernest('status')).toMatchObject({ code: 0 });
    await kubernest('down');
    for (const file of files) expect(readFileSync(at(file), 'utf8')).not.toBe('damaged');
  });

  /** What is of worth in there: hash by path. Of the database, which SQLite touches when it opens it, only whether it is there. */
  function contents(folder: string): Record<string, string> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    const kept = paths.filter((path) => !path.startsWith('run/') && !path.endsWith('-wal') && !path.endsWith('-shm'));
    const worth = (path: string): string => {
      const bytes = readFileSync(join(folder, path));
      if (path.endsWith('state.db')) return bytes.length > 0 ? 'there' : 'empty';
      return createHash('sha256').update(bytes).digest('hex');
    };
    return Object.fromEntries(kept.sort().map((path) => [path, worth(path)]));
  }
});

describe('a first start', () => {
  it('that failed, whatever it was, ends with the reason as its last word and binds nobody to its store', async () => {
    const words = /no etcd answers at http:\/\/127\.0\.0\.1:1: is it running\?/;
    mustTell(await kubernest('up', ...hollow, '--store=http://127.0.0.1:1'), words);
    expect(await up(...hollow)).toMatchObject({ code: 0, stderr: '' });
    await down();
  });
});

describe('without root', () => {
  it('is told what root is needed for, and runs simulated pods', async () => {
    const home = join(dir, 'nobody');
    mkdirSync(home);
    chownSync(dir, 65534, 65534);
    chownSync(home, 65534, 65534);
    const asNobody = (command: string, ...args: string[]): Promise<Ran> =>
      run(
        'setpriv',
        ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, cli, command, `--name=${name}`, ...args],
        { env: { HOME: home, KUBECONFIG: undefined, ...noFoundEngine(home), NODE_COMPILE_CACHE: undefined } },
      );
    const refused = await asNobody('up', '--detach', '--no-install');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('only root can start one; use --runtime=hollow');
    const elsewhere = await asNobody('up', '--detach', ...hollow, '--data-dir=/root/kubernest-e2e-nobody');
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toMatch(/data directory .* cannot be used: EACCES.* Choose another with --data-dir/);
    // Another cluster's damaged facts are no fault of this one.
    const other = join(home, '.local/share/kubernest/other');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'cluster.json'), '{"form');
    expect(spawnSync('chown', ['-R', '65534:65534', home]).status).toBe(0);
    expect(await asNobody('up', '--detach', ...hollow)).toMatchObject({ code: 0, stderr: '' });
    expect((await asNobody('status')).stdout).toContain('nodes ready 1/1');
    expect(await asNobody('down', '--purge')).toMatchObject({ code: 0 });
    expect(readdirSync(join(home, '.local/share/kubernest'))).toEqual(['other']);
  });
});

describe('--no-install', () => {
  it('says which packages are missing, and for what', async () => {
    const script = `import('${root}/tools/bootstrap/system-packages.mjs').then(({ ensureSystemPackages }) => ensureSystemPackages({ sets: ['cluster'], mayInstall: false }))`;
    // A mount namespace of the test's own hides what is there.
    const hide = 'for d in /usr/lib/cni /opt/cni/bin; do [ ! -d $d ] || mount -t tmpfs none $d; done; exec "$@"';
    const ran = await run('unshare', ['--mount', 'sh', '-c', hide, 'sh', process.execPath, '-e', script]);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toBe(
      'kubernest: missing: containernetworking-plugins (the pod network). Install with: apt-get install containernetworking-plugins\n',
    );
  });
});
