import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../tools/test/facts.ts';
import { cli, kubectls, noFoundEngine, type Ran, root, run } from './test-cluster.ts';
import { tracesOf } from './traces.ts';

const name = 'e2e-ways';
const hollow = ['--runtime=hollow', '--hollow-nodes=3'];
let home: string;
/** Before each command: who runs it, and what of the machine is hidden from it. */
type Setting = (...command: readonly string[]) => readonly string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kubernest-ways-'));
});
afterEach(async () => {
  for (const data of [join(home, 'data'), join(home, '.local/share/kubernest', name)].filter(existsSync))
    await run(process.execPath, [cli, 'down', '--purge', `--name=${name}`, `--data-dir=${data}`]);
  rmSync(home, { recursive: true, force: true });
});

function inSetting(setting: Setting, env: NodeJS.ProcessEnv = {}) {
  const given = { HOME: home, KUBECONFIG: undefined, NODE_COMPILE_CACHE: undefined, ...noFoundEngine(home), ...env };
  const act = (...command: readonly string[]): Promise<Ran> => {
    const [program, ...args] = setting(...command) as [string, ...string[]];
    return run(program, args, { env: given });
  };
  return {
    act,
    kubernest: (command: string, ...args: string[]) => act(process.execPath, cli, command, `--name=${name}`, ...args),
    kubectl: (...args: string[]) => act(kubectls().at(-1)!, ...args),
  };
}
type Machine = ReturnType<typeof inSetting>;

/** One sentence on the error output, as the only word there is. */
function mustRefuse(ran: Ran, words: RegExp): void {
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(/^kubernest: [^\n]*\n$/);
  expect(ran.stderr).toMatch(words);
}

/** What simulated nodes give, and what they do not. */
async function mustBeWholeButHollow({ kubernest, kubectl }: Machine): Promise<void> {
  const up = await kubernest('up', '--detach', ...hollow);
  expect(up).toMatchObject({ code: 0, stderr: '' });
  expect(up.stdout).toContain('3 simulated nodes are coming up: the API is whole, pods become Ready, and nothing runs');
  expect(await kubectl('wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=20s')).toMatchObject({ code: 0 });
  expect((await kubectl('get', 'nodes', '-o', 'name')).stdout).toBe('node/hollow-0\nnode/hollow-1\nnode/hollow-2\n');
  await kubectl('create', 'deployment', 'web', '--image=web:1', '--replicas=5');
  await kubectl('expose', 'deployment', 'web', '--port=80');
  const rollout = await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
  expect(rollout).toMatchObject({ code: 0, stderr: '' });
  expect((await kubectl('get', 'endpoints', 'web', '-o', 'jsonpath={.subsets[*].addresses[*].ip}')).stdout).toMatch(
    /^(\S+ ){4}\S+$/,
  );
  for (const reach of [
    ['logs', 'deployment/web'],
    ['exec', 'deployment/web', '--', 'ls'],
  ]) {
    const reached = await kubectl(...reach);
    expect(reached.code).toBe(1);
    expect(reached.stderr).toMatch(/node "hollow-\d" is simulated: its pods have no containers/);
  }
  expect((await kubernest('status')).stdout).toContain('nodes ready 3/3; pods well 5/5');
  expect(await kubernest('down', '--purge')).toMatchObject({ code: 0, stderr: '' });
}

describe('without root', needs('root'), () => {
  const asNobody: Setting = (...command) => ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command];
  const clusters = (): string => join(home, '.local/share/kubernest');
  beforeEach(() => chownSync(home, 65534, 65534));

  it('pods with containers are refused before anything is made, and simulated ones work', async () => {
    const machine = inSetting(asNobody);
    for (const args of [['up'], ['up', '--detach'], ['up', '--runtime=docker', '--no-install']])
      mustRefuse(
        await machine.kubernest(...(args as [string])),
        /need root, for the pod network and Service addresses.* use sudo, or start .* up --runtime=hollow --name e2e-ways$/m,
      );
    expect(readdirSync(home)).not.toContain('.local');
    await mustBeWholeButHollow(machine);
    expect(await tracesOf(clusters(), -1)).toEqual([]);
    expect(existsSync(clusters())).toBe(false);
  });

  it("an engine is of no use, be it somebody's that answers", async () => {
    const socketPath = join(home, 'docker.sock');
    const pings = `require('node:http').createServer((_, answer) => answer.end('OK')).listen('${socketPath}', () => process.send('up'))`;
    const engine = spawn(process.execPath, ['-e', pings], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    try {
      await new Promise((up) => engine.once('message', up));
      chownSync(socketPath, 65534, 65534);
      const { kubernest } = inSetting(asNobody, { DOCKER_HOST: `unix://${socketPath}` });
      mustRefuse(await kubernest('up'), /need root, .* whoever runs the Docker Engine/);
    } finally {
      engine.kill();
    }
  });

  it("neither a folder of root's nor another cluster's damaged facts harm more than they must", async () => {
    const { kubernest } = inSetting(asNobody);
    mustRefuse(
      await kubernest('up', ...hollow, '--data-dir=/root/kubernest-e2e-nobody'),
      /data directory .* cannot be used: this user may not do that.* Choose another with --data-dir/,
    );
    const other = join(clusters(), 'other');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'cluster.json'), '{"form');
    expect(spawnSync('chown', ['-R', '65534:65534', home]).status).toBe(0);
    expect(await kubernest('up', '--detach', ...hollow)).toMatchObject({ code: 0, stderr: '' });
    expect(await kubernest('down', '--purge')).toMatchObject({ code: 0 });
    expect(readdirSync(clusters())).toEqual(['other']);
  });
});

describe('without Docker', needs('root'), () => {
  /** In a mount namespace of its own, where these programs are not to be found. */
  const without =
    (...programs: readonly string[]): Setting =>
    (...command) => {
      const script = `set -e
mount -t tmpfs none "$HIDE"
for dir in /usr/bin /usr/sbin; do
  upper="$HIDE$dir/upper"; work="$HIDE$dir/work"
  mkdir -p "$upper" "$work"
  mount -t overlay overlay -o "lowerdir=$dir,upperdir=$upper,workdir=$work" $dir
  for program in ${programs.join(' ')}; do rm -f "$dir/$program"; done
done
exec "$@"`;
      const hide = join(home, 'hide');
      mkdirSync(hide, { recursive: true });
      return ['unshare', '--mount', 'env', `HIDE=${hide}`, 'sh', '-c', script, 'sh', ...command];
    };
  const noDocker = without('dockerd', 'docker');

  it('pods with containers are refused before anything is made, and simulated ones work', async () => {
    const machine = inSetting(noDocker);
    const data = `--data-dir=${join(home, 'data')}`;
    for (const args of [['--no-install'], ['--detach', '--no-install']])
      mustRefuse(
        await machine.kubernest('up', data, ...args),
        /no Docker Engine answers, and there is no dockerd .* apt-get install docker\.io, or start .* up --runtime=hollow/,
      );
    expect(existsSync(join(home, 'data'))).toBe(false);
    const { kubernest } = machine;
    await mustBeWholeButHollow({ ...machine, kubernest: (command, ...args) => kubernest(command, data, ...args) });
    expect(await tracesOf(home, -1)).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    [
      'that reaches no mirror',
      'echo "E: Failed to fetch x  Temporary failure resolving \'mirror.example\'" >&2; exit 100',
      /apt reaches no Debian mirror.* missing: docker\.io \(containers\).* Or start with simulated .* --runtime=hollow$/m,
    ],
    ['that does nothing', 'exit 100', /missing: docker\.io \(containers\).*--runtime=hollow$/m],
  ])('and with an apt-get %s, npm start says so and what works all the same', async (_what, apt, words) => {
    const bin = join(home, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'apt-get'), `#!/bin/sh\n${apt}\n`, { mode: 0o755 });
    const { act } = inSetting(noDocker, { PATH: `${bin}:${process.env['PATH']}`, DOCKER_HOST: '' });
    const started = await act(process.execPath, join(root, 'tools/bootstrap.cjs'), 'start', `--name=${name}`);
    expect(started).toMatchObject({ code: 1, stdout: 'installing Debian packages: docker.io …\n' });
    expect(started.stderr).toMatch(words);
    expect(started.stderr).not.toMatch(/\n\s+at /);
  });

  it('and without a package of the pod network, up says which, and goes on when it is told to', async () => {
    const { act } = inSetting(without('conntrack'));
    const refused = await act(process.execPath, cli, 'up', `--name=${name}`, `--data-dir=${join(home, 'data')}`);
    mustRefuse(
      refused,
      /conntrack \(Service addresses\): run apt-get install conntrack, go on without by --no-install, or/,
    );
  });
});
