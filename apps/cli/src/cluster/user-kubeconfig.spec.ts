import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKubeconfig, renderKubeconfig } from '@kubernest/client';
import { silentLogger, systemClock } from '@kubernest/kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import { forgetCluster, type KnownCluster, rememberCluster } from './known-clusters.ts';
import { leaveKubeconfig } from './leave-kubeconfig.ts';
import { keepPrevious, previousContext } from './previous-context.ts';
import { forgetProcess, recordOf, recordProcess } from './process-file.ts';
import { addContext, checkUserKubeconfig, contextName, removeContext, restoreContext } from './user-kubeconfig.ts';

const ctx = {
  signal: new AbortController().signal,
  clock: { ...systemClock, sleep: async () => {} },
  log: silentLogger,
};
const mine = renderKubeconfig({ name: 'mine', server: 'https://prod.example:6443', ca: 'PROD', token: 'secret' });
let machine: string;
let kubeconfig: string;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'kubernest-user-'));
  kubeconfig = join(machine, 'config');
  vi.stubEnv('KUBECONFIG', kubeconfig);
  writeFileSync(kubeconfig, mine);
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(machine, { recursive: true });
});

/** The directory of a cluster that has come up. */
function made(name: string, path = join(machine, name)): ClusterDir {
  const dir = new ClusterDir(name, path);
  mkdirSync(dir.in('run'), { recursive: true });
  dir.save({ format: 1, name, index: 1, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' });
  const entry = { name, server: 'https://127.0.0.1:6443', ca: `CA ${name}`, cert: 'CERT', key: 'KEY' };
  writeFileSync(dir.adminKubeconfig(), renderKubeconfig(entry));
  return dir;
}

const current = (): string | undefined => loadKubeconfig([kubeconfig]).currentContext;

describe('the context that the user had', () => {
  const names = ['x', 'y', 'z'];
  const known = (): readonly KnownCluster[] =>
    names.flatMap((name) => {
      const dir = new ClusterDir(name, join(machine, name));
      const facts = dir.facts();
      return facts ? [{ path: dir.path, facts }] : [];
    });
  const step = fc.record({
    name: fc.constantFrom(...names),
    what: fc.constantFrom('up', 'down', 'purge', 'kill', 'use' as const),
  });

  /** As `up` and `down` do it, on a machine that forgets its processes when they are killed. */
  async function act(
    name: string,
    what: 'up' | 'down' | 'purge' | 'kill' | 'use',
    running: Set<string>,
  ): Promise<void> {
    const dir = new ClusterDir(name, join(machine, name));
    if (what === 'up' && !running.has(name)) {
      if (!dir.exists()) made(name);
      running.add(name);
      recordProcess(dir.pidFile('up'), recordOf(process.pid));
      await addContext(dir, ctx, known());
    }
    if (what === 'use' && running.has(name))
      writeFileSync(
        kubeconfig,
        readFileSync(kubeconfig, 'utf8').replace(/^current-context:.*$/m, `current-context: ${contextName(dir)}`),
      );
    if (['down', 'purge', 'kill'].includes(what) && dir.exists()) {
      forgetProcess(dir.pidFile('up'));
      running.delete(name);
      if (what === 'kill') return;
      await restoreContext(dir, ctx, known());
      if (what === 'down') return;
      await removeContext(dir, ctx);
      rmSync(dir.path, { recursive: true });
    }
  }

  it('is current again when all clusters are stopped, whatever the order, kills between and removals', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.shuffledSubarray(names, { minLength: 3 }),
        async (steps, ends) => {
          writeFileSync(kubeconfig, mine);
          for (const name of names) rmSync(join(machine, name), { recursive: true, force: true });
          const running = new Set<string>();
          for (const { name, what } of steps) await act(name, what, running);
          for (const name of ends) await act(name, 'down', running);
          expect(current()).toBe('mine');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is another cluster’s as long as that one runs', async () => {
    const running = new Set<string>();
    for (const name of ['x', 'y']) await act(name, 'up', running);
    await act('y', 'down', running);
    expect(current()).toBe('kubernest-x');
  });

  it('stays what the user has switched to', async () => {
    const running = new Set<string>();
    await act('x', 'up', running);
    writeFileSync(
      kubeconfig,
      readFileSync(kubeconfig, 'utf8').replace(/^current-context:.*$/m, 'current-context: mine'),
    );
    keepPrevious(new ClusterDir('x', join(machine, 'x')), 'elsewhere');
    await act('x', 'down', running);
    expect(current()).toBe('mine');
  });
});

describe('a context of the same name that is another cluster’s', () => {
  const theirs = renderKubeconfig({
    name: 'kubernest-x',
    server: 'https://127.0.0.1:6443',
    ca: 'THEIRS',
    token: 'secret',
  });

  it.each<[string, (dir: ClusterDir) => void]>([
    ['before the first start', (dir) => rmSync(dir.adminKubeconfig())],
    ['later', () => {}],
    ['when our own is damaged', (dir) => writeFileSync(dir.adminKubeconfig(), 'torn: [')],
  ])('keeps the cluster from starting, and survives its removal: %s', async (_when, befall) => {
    const dir = made('x');
    befall(dir);
    writeFileSync(kubeconfig, theirs);
    await expect(checkUserKubeconfig(dir, ctx)).rejects.toThrow(
      /has "kubernest-x" already, for another cluster \(https:.*use another --name, or .* delete-context kubernest-x/,
    );
    keepPrevious(dir, 'mine');
    expect(await leaveKubeconfig(dir, { purged: true, wasUp: false }, ctx)).toBeUndefined();
    expect(readFileSync(kubeconfig, 'utf8')).toBe(theirs);
  });

  it('is told from our own, which may be there already', async () => {
    const dir = made('x');
    await addContext(dir, ctx, []);
    await checkUserKubeconfig(dir, ctx);
    expect(previousContext(dir)).toBe('mine');
  });
});

describe('a cluster that no longer knows which context was current before', () => {
  const stopped = (dir: ClusterDir, wasUp: boolean) => leaveKubeconfig(dir, { purged: false, wasUp }, ctx);

  it('leaves none that leads nowhere when it was up, and says so', async () => {
    const dir = made('x');
    await addContext(dir, ctx, []);
    rmSync(dir.in('run'), { recursive: true });
    expect(await stopped(dir, false)).toBeUndefined();
    expect(current()).toBe('kubernest-x');
    expect(await stopped(dir, true)).toBeUndefined();
    expect(current()).toBeUndefined();
    expect(vi.mocked(console.log).mock.calls.join()).toMatch(/^what was the current context .* not known any more/);
  });

  it('leaves what the user has switched to, and what is another cluster’s of that name', async () => {
    const dir = made('x');
    await stopped(dir, true);
    expect(current()).toBe('mine');
    const theirs = renderKubeconfig({
      name: 'kubernest-x',
      server: 'https://127.0.0.1:6443',
      ca: 'THEIRS',
      token: 's',
    });
    writeFileSync(kubeconfig, theirs);
    await stopped(dir, true);
    expect(readFileSync(kubeconfig, 'utf8')).toBe(theirs);
    expect(console.log).not.toHaveBeenCalled();
  });
});

describe('a kubeconfig that nothing can be done with', () => {
  it.each<[string, () => void, RegExp]>([
    ['damaged', () => writeFileSync(kubeconfig, 'a: [1'), /is no YAML/],
    [
      'locked by a program that died',
      () => writeFileSync(`${kubeconfig}.lock`, ''),
      /if none runs, remove .*config\.lock/,
    ],
    [
      'with room for nothing beside it',
      () => vi.stubEnv('KUBECONFIG', '/proc/version'),
      /is not a kubeconfig|cannot be written/,
    ],
  ])('is told of in one sentence with the way out, and is no fault: %s', async (_what, befall, words) => {
    const dir = made('x');
    await addContext(dir, ctx, []);
    befall();
    const told = [
      await leaveKubeconfig(dir, { purged: false, wasUp: false }, ctx),
      await leaveKubeconfig(dir, { purged: true, wasUp: false }, ctx),
    ];
    expect(told.join('\n')).toMatch(words);
    expect(told[1]).toMatch(
      /The cluster is stopped, but .* take it out with: kubectl config delete-context kubernest-x/,
    );
  });
});

describe('what a cluster that is gone has left', () => {
  const purge = (dir: ClusterDir) => leaveKubeconfig(dir, { purged: true, wasUp: false }, ctx);
  const contexts = (): readonly string[] => [...loadKubeconfig([kubeconfig]).contexts.keys()];
  beforeEach(() => {
    // Whoever runs this, no cluster of theirs is looked at.
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    vi.stubEnv('HOME', machine);
  });

  async function gone(dir: ClusterDir): Promise<ClusterDir> {
    rememberCluster(dir);
    await addContext(dir, ctx, []);
    rmSync(dir.path, { recursive: true });
    return dir;
  }

  it('goes by the directory that it names, and that of another cluster of the name stays', async () => {
    const dir = await gone(made('x'));
    const text = readFileSync(kubeconfig, 'utf8');
    writeFileSync(kubeconfig, text.replace(`data-dir: ${dir.path}`, 'data-dir: /srv/other'));
    expect(await purge(dir)).toMatch(
      /keeps "kubernest-x", .*if it is, take it out with: kubectl config delete-context/,
    );
    expect(contexts()).toEqual(['mine', 'kubernest-x']);
    writeFileSync(kubeconfig, text);
    expect(await purge(dir)).toBeUndefined();
    expect(contexts()).toEqual(['mine']);
  });

  it('goes as well where its directory was removed by hand at the customary place', async () => {
    const dir = made('x', join(machine, '.local/share/kubernest/x'));
    await gone(dir);
    await checkUserKubeconfig(dir, ctx);
    expect(await purge(dir)).toBeUndefined();
    expect(contexts()).toEqual(['mine']);
  });

  it('is not the context of the cluster that runs and whose name the purge was called with', async () => {
    const other = await gone(made('dev'));
    const running = made('default');
    await addContext(running, ctx, []);
    // As an older version remembered it: without its name.
    forgetCluster(other);
    mkdirSync(join(machine, '.local/share/kubernest'), { recursive: true });
    writeFileSync(join(machine, '.local/share/kubernest/elsewhere.json'), JSON.stringify([other.path]));
    await purge(new ClusterDir('default', other.path));
    expect(contexts()).toEqual(['mine', 'kubernest-dev', 'kubernest-default']);
  });
});

it('with several files, the context that was current is so again', async () => {
  const second = join(machine, 'second');
  writeFileSync(second, mine);
  writeFileSync(kubeconfig, 'current-context: mine\n');
  vi.stubEnv('KUBECONFIG', `${kubeconfig}:${second}`);
  const dir = made('x');
  await checkUserKubeconfig(dir, ctx);
  await addContext(dir, ctx, []);
  expect(current()).toBe('kubernest-x');
  await leaveKubeconfig(dir, { purged: true, wasUp: false }, ctx);
  expect(loadKubeconfig([kubeconfig, second]).currentContext).toBe('mine');
  expect(readFileSync(second, 'utf8')).toBe(mine);
});
