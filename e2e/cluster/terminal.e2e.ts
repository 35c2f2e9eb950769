import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKubectls, type Kubectl } from '../streams/kubectl.ts';
import { Terminal } from './terminal.ts';
import { eventually, TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-tty');
  await cluster.image('idle:1', { command: ['/bin/sleep', '100000'] });
  await cluster.kubectl('run', 'box', '--image=idle:1');
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/box', '--timeout=40s');
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

const open: Terminal[] = [];
afterAll(() => {
  for (const terminal of open) terminal.close();
});
function onTerminal(tool: Kubectl, args: readonly string[], webSocket = true): Terminal {
  const terminal = new Terminal([tool.path, ...args], {
    ...cluster.env,
    KUBECTL_REMOTE_COMMAND_WEBSOCKETS: String(webSocket),
  });
  open.push(terminal);
  return terminal;
}

/** Each command is recognized by how long it sleeps. */
const sleepers = (seconds: number): readonly number[] =>
  readdirSync('/proc')
    .filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${seconds}\0`;
      } catch {
        return false; // ended meanwhile
      }
    })
    .map(Number);
const gone = (seconds: number) => eventually(async () => expect(sleepers(seconds)).toEqual([]));

const tools = findKubectls();
const [oldest, newest] = [tools[0]!, tools.at(-1)!];
const ways = tools.flatMap((tool) => [
  { name: `1.${tool.minor} over SPDY`, tool, webSocket: false },
  ...(tool.minor >= 30 ? [{ name: `1.${tool.minor} over WebSocket`, tool, webSocket: true }] : []),
]);

describe('a shell in a container', () => {
  it.each(ways)('echoes, has the size of the terminal, follows it, is interrupted: kubectl $name', async (way) => {
    const shell = onTerminal(way.tool, ['exec', '-it', 'box', '--', 'sh'], way.webSocket);
    await shell.shows(/# /);
    // A shell of its own, which the interrupt ends whatever it is doing; an interactive one goes on when it hits a command that just ends.
    shell.type(`echo typed $((40 + 2)); sh -c 'while sleep 0.1; do stty size; done'\r`);
    await shell.shows(/echo typed \$\(\(40 \+ 2\)\).*typed 42\r\n(\d+ \d+\r\n)*24 80\r\n/s);
    await shell.resize(40, 120);
    await shell.shows(/\r\n40 120\r\n/);
    const before = shell.screen.length;
    shell.type('\x03');
    await shell.shows(/# /, before);
    shell.type('exit 7\r');
    expect(await shell.ended).toBe(7);
  });

  it('gets each key at once, also those that the engine has a use for', async () => {
    const shell = onTerminal(newest, ['exec', '-it', 'box', '--', 'sh']);
    await shell.shows(/# /);
    shell.type(`stty raw -echo; echo re''ady; dd bs=1 count=1 2>/dev/null | od -b; stty sane\r`);
    await shell.shows(/ready/);
    shell.type('\x10');
    await shell.shows(/ 020/);
    shell.type('exit\r');
    expect(await shell.ended).toBe(0);
  });

  it('is made and removed by run -it --rm, which passes on its exit code', async () => {
    const shell = onTerminal(newest, ['run', 'brief', '-it', '--rm', '--restart=Never', '--image=idle:1', '--', 'sh']);
    await shell.shows(/# /);
    await shell.resize(30, 90);
    shell.type('until stty size | grep "30 90"; do sleep 0.1; done; exit 9\r');
    expect(await shell.ended).toBe(9);
    expect(shell.screen).toContain('pod "brief" deleted');
    expect((await cluster.tryKubectl(['get', 'pod', 'brief'])).stderr).toContain('not found');
  });
});

describe.each([oldest, newest])('kubectl 1.$minor', (tool) => {
  const kubectl = (...args: string[]) => cluster.tryKubectl(args, { kubectl: tool.path });

  it('copies a folder into a container and back', async () => {
    const [there, back] = [join(cluster.home, `there-${tool.minor}`), join(cluster.home, `back-${tool.minor}`)];
    mkdirSync(there);
    writeFileSync(join(there, 'bytes'), Buffer.alloc(300_000, `of ${tool.minor}`));
    expect(await kubectl('cp', there, `box:/tmp/copied-${tool.minor}`)).toMatchObject({ code: 0 });
    expect(await kubectl('cp', `default/box:/tmp/copied-${tool.minor}`, back)).toMatchObject({ code: 0 });
    expect(readFileSync(join(back, 'bytes'))).toEqual(readFileSync(join(there, 'bytes')));
  });

  it('follows logs, from what was said to the end of the pod, and attaches to what is being said', async () => {
    const talk = 'trap exit TERM; i=0; while :; do i=$((i+1)); echo said $i; sleep 0.1; done';
    const talker = `talker-${tool.minor}`;
    await cluster.kubectl('run', talker, '--image=idle:1', '--restart=Never', '--', 'sh', '-c', talk);
    await cluster.kubectl('wait', '--for=condition=Ready', `pod/${talker}`, '--timeout=40s');
    const logs = onTerminal(tool, ['logs', '-f', talker]);
    const attached = onTerminal(tool, ['attach', talker]);
    await logs.shows(/said 1\r\n.*said 10\r\n/s);
    await attached.shows(/said \d+\r\nsaid \d+\r\n/);
    await cluster.kubectl('delete', 'pod', talker, '--timeout=40s');
    expect(await logs.ended).toBe(0);
    expect(await attached.ended).toBe(0);
    const said = [...logs.screen.matchAll(/said (\d+)/g)].map((match) => Number(match[1]));
    expect(said).toEqual(said.map((_, at) => at + 1));
  });

  it('forwards a port until Ctrl-C', async () => {
    await cluster.kubectl(
      'exec',
      'box',
      '--',
      'sh',
      '-c',
      'echo served > /tmp/index.html; httpd -p 8080 -h /tmp || true',
    );
    const forward = onTerminal(tool, ['port-forward', 'pod/box', ':8080']);
    await forward.shows(/127\.0\.0\.1:\d+ -> 8080/);
    const port = /127\.0\.0\.1:(\d+)/.exec(forward.screen)![1];
    const answers = await Promise.all([1, 2, 3].map(async () => (await fetch(`http://127.0.0.1:${port}/`)).text()));
    expect(answers).toEqual(['served\n', 'served\n', 'served\n']);
    forward.type('\x03');
    await forward.ended;
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});

// At once: what takes no hint is given seconds, which pass for all of them together.
describe.concurrent.each([oldest, newest])('a client of kubectl 1.$minor that is gone', (tool) => {
  /** A client that is killed as soon as its command has said `started`; returns when the client has ended. */
  const killedClient = async (args: readonly string[]): Promise<void> => {
    const client = spawn(tool.path, args, {
      env: { ...process.env, ...cluster.env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(client.stdout, 'data');
    client.kill('SIGKILL');
    await once(client, 'exit');
  };
  let serial = 7_000_000 + tool.minor * 100;

  it.each([
    ['that waits', (n: number) => `echo started; sleep ${n}`],
    ['that replaced its shell', (n: number) => `echo started; exec sleep ${n}`],
    ['that takes no hint', (n: number) => `trap "" HUP; echo started; sleep ${n}`],
    ['in the background', (n: number) => `sleep ${n} & echo started; cat > /dev/null`],
  ])('leaves no command behind: one %s', async (_, script) => {
    const [piped, typed] = [serial++, serial++];
    const terminal = onTerminal(tool, ['exec', '-it', 'box', '--', 'sh', '-c', script(typed)]);
    await terminal.shows(/started/);
    terminal.close();
    await killedClient(['exec', '-i', 'box', '--', 'sh', '-c', script(piped)]);
    await Promise.all([gone(piped), gone(typed)]);
  });

  it('leaves a command that began a session of its own', async () => {
    const seconds = serial++;
    await killedClient([
      'exec',
      '-i',
      'box',
      '--',
      'sh',
      '-c',
      `setsid sleep ${seconds} & echo started; cat > /dev/null`,
    ]);
    const other = serial++;
    await killedClient(['exec', '-i', 'box', '--', 'sh', '-c', `trap "" HUP; echo started; sleep ${other}`]);
    await gone(other);
    const [left, ...more] = sleepers(seconds);
    expect([left, more]).toEqual([expect.any(Number), []]);
    process.kill(left!);
    await gone(seconds);
  });

  it('leaves the container alone that it was attached to', async () => {
    const name = `talks-${tool.minor}`;
    await cluster.kubectl(
      'run',
      name,
      '--image=idle:1',
      '--stdin',
      '--attach=false',
      '--command',
      '--',
      'sh',
      '-c',
      'while sleep 0.1; do echo on; done',
    );
    await cluster.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=40s');
    await killedClient(['attach', '-i', name]);
    const seconds = serial++;
    // What hangs up is through with it by the time that another, who takes no hint, is gone.
    await killedClient(['exec', '-i', name, '--', 'sh', '-c', `trap "" HUP; echo started; sleep ${seconds}`]);
    await gone(seconds);
    const restarts = '{.status.containerStatuses[0].restartCount} {.status.phase}';
    expect(await cluster.kubectl('get', 'pod', name, '-o', `jsonpath=${restarts}`)).toBe('0 Running');
  });
});

describe('a command whose client and agent are gone at once', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('ends soon, and nobody else’s does: %s', async (signal) => {
    const [ours, somebodys] = signal === 'SIGKILL' ? [7_900_000, 7_900_001] : [7_900_002, 7_900_003];
    const [box] = await cluster.docker().listContainers({ filters: { name: ['k8s_box_'] } });
    const exec = await cluster
      .docker()
      .getContainer(box!.Id)
      .exec({ Cmd: ['sleep', String(somebodys)] });
    await exec.start({ Detach: true });
    // The agent may have been started just now.
    await eventually(() => cluster.kubectl('exec', 'box', '--', 'true'));
    const client = spawn(
      newest.path,
      ['exec', '-i', 'box', '--', 'sh', '-c', `trap "" HUP; echo started; sleep ${ours}`],
      { env: { ...process.env, ...cluster.env }, stdio: ['pipe', 'pipe', 'ignore'] },
    );
    await once(client.stdout, 'data');
    const ended = once(client, 'exit');
    const restarted = cluster.kill('agent', signal);
    client.kill('SIGKILL');
    await Promise.all([ended, restarted, gone(ours)]);
    const [left, ...more] = sleepers(somebodys);
    expect([left, more]).toEqual([expect.any(Number), []]);
    process.kill(left!);
    await gone(somebodys);
  });

  // As in Kubernetes, where it is no part of any session either: it stays with its container, in whosever namespace of processes.
  it.each([false, true])(
    'lives as long as its container in the background, its leader ended: shared %s',
    async (shared) => {
      const [name, seconds] = shared ? ['shares', 7_900_004] : ['alone', 7_900_005];
      const overrides = JSON.stringify({ spec: { shareProcessNamespace: shared } });
      await cluster.kubectl('run', name, '--image=idle:1', `--overrides=${overrides}`);
      await cluster.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=40s');
      const client = spawn(
        newest.path,
        ['exec', '-i', name, '--', 'sh', '-c', `sleep ${seconds} & echo started; cat > /dev/null`],
        { env: { ...process.env, ...cluster.env }, stdio: ['pipe', 'pipe', 'ignore'] },
      );
      await once(client.stdout, 'data');
      const ended = once(client, 'exit');
      const restarted = cluster.kill('agent', 'SIGKILL');
      client.kill('SIGKILL');
      await Promise.all([ended, restarted]);
      await eventually(() => cluster.kubectl('exec', name, '--', 'true'));
      expect(await runningExecs(name)).toEqual([]);
      expect(sleepers(seconds)).toHaveLength(1);
      // Not the thirty seconds that a first process has which heeds no SIGTERM.
      await cluster.kubectl('delete', 'pod', name, '--grace-period=1', '--timeout=40s');
      expect(sleepers(seconds)).toEqual([]);
    },
  );
});

/** What the engine still holds of the commands that were executed in a pod. */
async function runningExecs(pod: string): Promise<readonly string[]> {
  const docker = cluster.docker();
  const [container] = await docker.listContainers({ filters: { name: [`k8s_${pod}_`] } });
  const { ExecIDs } = await docker.getContainer(container!.Id).inspect();
  const execs = await Promise.all((ExecIDs ?? []).map((id: string) => docker.getExec(id).inspect()));
  return execs.filter(({ Running }) => Running).map(({ ID }) => ID);
}
