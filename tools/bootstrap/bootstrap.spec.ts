import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { procStat } from '@kubernest/process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let checkout: string;

/** What a fresh clone has of what comes before `npm ci`. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'kubernest-bootstrap-'));
  mkdirSync(join(checkout, 'path'));
  for (const name of ['tools/bootstrap.cjs', 'tools/bootstrap', 'package.json', 'package-lock.json'])
    cpSync(join(root, name), join(checkout, name), { recursive: true });
});
afterEach(() => rmSync(checkout, { recursive: true }));

/** A stand-in that says its version and notes what else it was asked. */
function npm(version: string): void {
  const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else echo "$@" >> ${checkout}/asked; exit 1; fi\n`;
  writeFileSync(join(checkout, 'path/npm'), script, { mode: 0o755 });
}
const asked = (): string => (existsSync(join(checkout, 'asked')) ? readFileSync(join(checkout, 'asked'), 'utf8') : '');
/** As after an `npm ci`; returns the lockfile that it went by. */
function installed(): string {
  mkdirSync(join(checkout, 'node_modules'));
  const lockfile = readFileSync(join(checkout, 'package-lock.json'), 'utf8');
  writeFileSync(join(checkout, 'node_modules/.kubernest-lock'), createHash('sha256').update(lockfile).digest('hex'));
  return lockfile;
}
const start = (env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, ['tools/bootstrap.cjs', 'start'], {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: `${checkout}/path`, ...env },
  });

describe('npm start in a fresh clone', () => {
  it('asks npm for exactly what is locked, the build and Node.js among it', () => {
    npm('10.0.0');
    expect(start()).toMatchObject({ status: 1, stderr: 'kubernest: npm ci failed; see the lines above\n' });
    expect(asked()).toMatch(/^ci --include=dev --include=optional --ignore-scripts /);
  });

  it('asks it again after a try that failed, though the lockfile is the one that was installed before', () => {
    npm('10.0.0');
    const lockfile = installed();
    writeFileSync(join(checkout, 'package-lock.json'), `${lockfile}\n`);
    expect(start().status).toBe(1);
    writeFileSync(join(checkout, 'package-lock.json'), lockfile);
    expect(start().status).toBe(1);
    expect(asked().match(/^ci /gm)).toHaveLength(2);
  });

  it('says that npm kept a flag for itself, and does nothing', () => {
    npm('10.0.0');
    expect(start({ npm_lifecycle_event: 'start', npm_config_runtime: 'hollow' })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^kubernest: npm kept --runtime for itself: .*: npm start -- --runtime=hollow\n$/),
    });
    expect(asked()).toBe('');
  });

  it.each<[string, () => void, string]>([
    ['npm is missing', () => {}, 'kubernest: npm is missing: '],
    ['npm is too old', () => npm('9.2.0'), 'kubernest: npm 9.2.0 is too old: '],
    [
      'its files disagree',
      () => {
        npm('10.0.0');
        const file = join(checkout, 'package.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace(/"ws": "[^"]+"/, '"ws": "latest"'));
      },
      'kubernest: package.json and package-lock.json disagree, so nothing was installed:\n  dependencies ws: package.json says latest',
    ],
  ])('says it before anything is installed, in one place and without a stack, when %s', (_what, make, words) => {
    make();
    const { status, stdout, stderr } = start();
    expect([status, stdout, asked()]).toEqual([1, '', '']);
    expect(stderr.slice(0, words.length)).toBe(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

it('a build is made again after one that failed, though the sources are those that were built before', () => {
  installed();
  mkdirSync(join(checkout, 'node_modules/tsx/dist'), { recursive: true });
  const builder = `import { appendFileSync, existsSync } from 'node:fs';
appendFileSync('built', 'x');
if (existsSync('fails')) process.exit(1);
`;
  writeFileSync(join(checkout, 'node_modules/tsx/dist/cli.mjs'), builder);
  const build = (): unknown => {
    const { status } = spawnSync(process.execPath, ['tools/bootstrap.cjs', 'build'], { cwd: checkout });
    return [status, readFileSync(join(checkout, 'built'), 'utf8')];
  };
  expect(build()).toEqual([0, 'x']);
  expect(build()).toEqual([0, 'x']);
  for (const name of ['fails', 'tools/new-source.ts']) writeFileSync(join(checkout, name), '');
  expect(build()).toEqual([1, 'xx']);
  for (const name of ['fails', 'tools/new-source.ts']) rmSync(join(checkout, name));
  expect(build()).toEqual([0, 'xxx']);
});

describe('npm start that is stopped while npm ci runs', () => {
  /** It works until it is told to stop, and so does what it has started, which holds nothing of it. */
  function busyNpm(onStop: (signal: string) => string): void {
    const traps = ['INT', 'TERM', 'HUP'].map((signal) => `trap '${onStop(signal)}' ${signal}`);
    const script = `#!/bin/sh
if [ "$1" = --version ]; then echo 10.0.0; exit; fi
${process.execPath} -e "setInterval(() => {}, 1000)" </dev/null >/dev/null 2>&1 &
${traps.join('\n')}
echo $$ $! > ${checkout}/busy.new
/bin/mv ${checkout}/busy.new ${checkout}/busy
echo busy
while :; do wait; done
`;
    writeFileSync(join(checkout, 'path/npm'), script, { mode: 0o755 });
  }
  const begun: ChildProcess[] = [];
  afterEach(() => {
    for (const child of begun.splice(0)) child.kill('SIGKILL');
    for (const pid of busy()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  function begin(): ChildProcess & { said: (words: string) => Promise<void> } {
    const child = spawn(process.execPath, ['tools/bootstrap.cjs', 'start'], {
      cwd: checkout,
      env: { PATH: `${checkout}/path` },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    begun.push(child);
    let output = '';
    const said = async (words: string): Promise<void> => {
      while (!output.includes(words)) output += String((await once(child.stdout!, 'data'))[0]);
    };
    return Object.assign(child, { said });
  }
  const busy = (): number[] =>
    existsSync(join(checkout, 'busy'))
      ? readFileSync(join(checkout, 'busy'), 'utf8').trim().split(' ').map(Number)
      : [];
  const isAlive = (pid: number): boolean => !['Z', undefined].includes(procStat(pid)?.state);

  it.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s: waits until it and all that it started have ended', async (signal, code) => {
    busyNpm(() => 'exit 1');
    const start = begin();
    await start.said('busy');
    expect(busy().map(isAlive)).toEqual([true, true]);
    start.kill(signal);
    await start.said('stopping npm …');
    expect(await once(start, 'exit')).toEqual([code, null]);
    expect(busy().map(isAlive)).toEqual([false, false]);
  });

  it('says at once what it waits for, and ends it for certain at the second signal', async () => {
    busyNpm(() => ':');
    const start = begin();
    await start.said('busy');
    start.kill('SIGINT');
    await start.said('stopping npm …');
    start.kill('SIGINT');
    expect(await once(start, 'exit')).toEqual([130, null]);
    expect(busy().map(isAlive)).toEqual([false, false]);
  });

  it('tells it more plainly when it goes on, and ends it for certain when it still does', async () => {
    busyNpm((signal) => `echo got ${signal}`);
    const start = begin();
    await start.said('busy');
    start.kill('SIGINT');
    await start.said('got INT');
    await start.said('got TERM');
    expect(await once(start, 'exit')).toEqual([130, null]);
    expect(busy().map(isAlive)).toEqual([false, false]);
  });

  it.each<[string, (first: ChildProcess) => unknown]>([
    ['the first has been stopped', (first) => first.kill('SIGINT')],
    [
      'what a killed first left has ended',
      async (first) => {
        first.kill('SIGKILL');
        await once(first, 'exit');
        for (const pid of busy()) process.kill(pid, 'SIGTERM');
      },
    ],
  ])('is waited for by a second start, which goes on when %s', async (_, end) => {
    busyNpm(() => 'exit 1');
    const first = begin();
    await first.said('busy');
    const second = begin();
    await second.said('another start installs the npm packages of this checkout: waiting for it');
    const [npmOfFirst] = busy();
    await end(first);
    await second.said('busy');
    expect(isAlive(npmOfFirst!)).toBe(false);
    second.kill('SIGINT');
    expect(await once(second, 'exit')).toEqual([130, null]);
  });
});

describe('the check of exact versions', () => {
  const check = (folder: string) =>
    spawnSync(process.execPath, [join(root, 'tools/checks/exact-versions.ts'), folder], { encoding: 'utf8' });

  it('passes here and fails where a version is a tag', () => {
    expect(check(root)).toMatchObject({ status: 0, stderr: '' });
    const file = join(checkout, 'package.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"ws": "[^"]+"/, '"ws": "latest"'));
    const found = check(dirname(file));
    expect(found.status).toBe(1);
    expect(found.stderr).toContain('dependencies ws: latest is no exact version\n');
  });
});
