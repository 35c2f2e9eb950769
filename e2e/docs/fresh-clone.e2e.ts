import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellBlocks, stepsOf } from '../../tools/docs/steps.ts';
import { needs } from '../../tools/test/facts.ts';
import { Terminal } from '../cluster/terminal.ts';
import { eventually, noFoundEngine, root, run } from '../cluster/test-cluster.ts';
import { factsOf, tracesOf } from '../cluster/traces.ts';
import { follow } from './reader.ts';

const dataDir = '/var/lib/kubernest/default';
const dir = join(tmpdir(), `kubernest-fresh-${process.pid}`);
const [home, clone, prefix] = ['home', 'clone', 'prefix'].map((name) => join(dir, name)) as [string, string, string];

/** Of somebody who has just come to this machine: nothing of this run and of this user, but where npm gets and keeps its packages. */
function freshEnv(): NodeJS.ProcessEnv {
  const ofMachine = /^(lang|term|node_extra_ca_certs|ssl_cert_(file|dir)|(https?|no|all)_proxy)$/i;
  const ofThisRun = Object.keys(process.env).filter((name) => !ofMachine.test(name));
  const path = process.env['PATH']!.split(delimiter).filter((folder) => !folder.startsWith(root));
  const asked = spawnSync('npm', ['config', 'get', 'cache', 'userconfig'], { encoding: 'utf8', cwd: tmpdir() });
  return {
    ...Object.fromEntries(ofThisRun.map((name) => [name, undefined])),
    ...Object.fromEntries(
      [...asked.stdout.matchAll(/^(\w+)=(.+)$/gm)].map(([, name, at]) => [`npm_config_${name}`, at]),
    ),
    npm_config_prefer_offline: 'true',
    npm_config_prefix: prefix,
    PATH: path.join(delimiter),
    HOME: home,
    ...noFoundEngine(dir),
  };
}

/** The checkout may be somebody else's, as it often is in CI. */
async function makeClone(): Promise<void> {
  mkdirSync(dir);
  mkdirSync(home);
  const trusting = join(dir, 'gitconfig');
  writeFileSync(trusting, '[safe]\n\tdirectory = *\n');
  const ran = await run('git', ['clone', '--quiet', root, clone], { env: { GIT_CONFIG_GLOBAL: trusting } });
  if (ran.code !== 0) throw new Error(`no fresh clone can be made of ${root}: ${ran.stderr}`);
}

/** What a cluster of the customary name might leave outside of its data directory. */
const outside = (): readonly string[] => [
  ...globSync('/sys/fs/cgroup/{,*/}kubepods'),
  ...['/var/log/pods', '/var/log/containers'].flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : [])),
];

describe('the README in a fresh clone, with an empty home', needs('root', 'defaultName'), () => {
  let env: NodeJS.ProcessEnv;
  let readme: string;
  let terminal: Terminal | undefined;
  let index: number;
  let before: readonly string[];
  beforeAll(async () => {
    if (existsSync(dataDir)) throw new Error(`${dataDir} has come meanwhile; it is somebody else's and left alone`);
    await makeClone();
    env = freshEnv();
    readme = readFileSync(join(clone, 'README.md'), 'utf8');
    before = outside();
  });
  afterAll(async () => {
    if (existsSync(dataDir) && terminal) await run('./kubernest', ['down', '--purge'], { env, cwd: clone });
    terminal?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('begins with a command that installs, builds and starts', async () => {
    expect(/^ {4}(.+)$/m.exec(readme)?.[1]).toBe('npm start');
    const started = new Terminal(['sh', '-c', `cd '${clone}' && exec npm start`], env);
    terminal = started;
    const ended = started.ended.then((code) => {
      throw new Error(`npm start ended with ${code}: ${started.screen}`);
    });
    const ready = eventually(async () => expect(started.screen).toMatch(/try +kubectl get nodes/), 600_000);
    await Promise.race([ready, ended]);
    index = factsOf(dataDir).index;
    expect(await tracesOf(dataDir, index)).not.toEqual([]);
  }, 660_000);

  it('says what works, word by word, and ends with a command that leaves nothing', async () => {
    const steps = shellBlocks(readme).flatMap(stepsOf);
    expect(steps.length).toBeGreaterThan(15);
    expect(steps.filter(({ shows }) => shows.length > 0).length).toBeGreaterThan(5);
    const place = { cwd: clone, env };
    await follow(steps.slice(0, -1), place);
    // Somebody may have forgotten something.
    const forgotten = ['create deployment forgotten --image=kubernest/demo:1', 'rollout status deployment/forgotten'];
    await follow(
      forgotten.map((words) => ({ command: `kubectl ${words}`, shows: [] })),
      place,
    );
    expect(outside()).not.toEqual(before);
    await follow(steps.slice(-1), place);
    expect(await terminal!.ended).toBe(0);
    expect(existsSync(dataDir)).toBe(false);
    expect(await tracesOf(dataDir, index)).toEqual([]);
    expect(outside()).toEqual(before);
    expect(readdirSync(home)).toEqual(['.kube']);
    expect((await run('kubectl', ['config', 'get-contexts', '-o', 'name'], { env })).stdout).toBe('');
  }, 240_000);

  it('is right that npm link makes it kubernest from any directory', async () => {
    expect(readme).toContain('`npm link`');
    const withWayOut = (name: string) => ({ command: `${name} status`, shows: [`…start one with: ${name} up…`] });
    await follow([withWayOut('./kubernest'), { command: 'npm link', shows: [] }], { cwd: clone, env });
    const linked = { ...env, PATH: `${join(prefix, 'bin')}${delimiter}${env['PATH']}` };
    await follow([withWayOut('kubernest')], { cwd: '/', env: linked });
  });

  it('leaves the clone as it was', async () => {
    expect((await run('git', ['status', '--porcelain'], { cwd: clone, env })).stdout).toBe('');
  });
});
