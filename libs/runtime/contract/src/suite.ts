import { text } from 'node:stream/consumers';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ContainerConfig,
  ContainerConfigError,
  type ContainerRuntime,
  ContainerStartError,
  ImagePullError,
  type RuntimeEvent,
  type SandboxConfig,
} from './runtime.ts';

/** What an adapter cannot do by its nature; each name skips the promises about it, and says so in the report. */
export type RuntimeDifference = 'processes' | 'logs' | 'pull-errors';

export interface RuntimeSubject {
  readonly runtime: ContainerRuntime;
  /** An image here that has `/bin/busybox sh`; any id where there are no processes. */
  readonly image: { readonly id: string; readonly name: string };
  close(): Promise<void>;
}

export interface RuntimeSuite {
  readonly name: string;
  open(): Promise<RuntimeSubject>;
  /** Declared, so that a reader of the adapter's spec sees them. */
  readonly differences?: readonly RuntimeDifference[];
}

let serial = 0;

export function sandboxConfig(over: Partial<SandboxConfig> = {}): SandboxConfig {
  serial += 1;
  const uid = `00000000-0000-4000-8000-${String(process.pid).padStart(6, '0')}${String(serial).padStart(6, '0')}`;
  return {
    pod: { uid, name: `pod-${serial}`, namespace: 'suite' },
    attempt: 0,
    hostname: `pod-${serial}`,
    network: 'pod',
    hostPid: false,
    hostIpc: false,
    labels: { app: 'suite', 'io.kubernetes.pod.uid': 'not-mine' },
    annotations: { 'example.com/why': 'to be kept' },
    ...over,
  };
}

export function containerConfig(
  sandbox: { readonly id: string; readonly pod: SandboxConfig['pod'] },
  image: RuntimeSubject['image'],
  script: string,
  over: Partial<ContainerConfig> = {},
): ContainerConfig {
  return {
    pod: sandbox.pod,
    sandboxId: sandbox.id,
    name: 'main',
    attempt: 0,
    kind: 'app',
    imageId: image.id,
    image: image.name,
    command: ['/bin/busybox', 'sh', '-c', script],
    args: undefined,
    workingDir: undefined,
    env: [],
    mounts: [],
    stdin: false,
    stdinOnce: false,
    tty: false,
    resources: {},
    security: {
      privileged: false,
      supplementalGroups: [],
      readOnlyRootFilesystem: false,
      allowPrivilegeEscalation: false,
      addCapabilities: [],
      dropCapabilities: [],
    },
    pidNamespace: 'container',
    labels: {},
    annotations: { 'example.com/hash': '17' },
    log: { maxBytes: 10_000_000, maxFiles: 2 },
    ...over,
  };
}

/** Runs forever and ends at once when asked to. */
export const untilTold = 'trap "exit 0" TERM; while :; do /bin/busybox sleep 1000 & wait $!; done';

/** Every adapter keeps these. One call of this is an adapter's spec. */
export function describeContainerRuntime(suite: RuntimeSuite): void {
  const differs = (what: RuntimeDifference) => suite.differences?.includes(what) ?? false;

  describe(`container runtime contract: ${suite.name}`, () => {
    let subject: RuntimeSubject;
    let controller: AbortController;
    let ctx: Context;
    beforeAll(async () => {
      subject = await suite.open();
    }, 60_000);
    afterAll(() => subject?.close(), 60_000);
    beforeEach(() => {
      controller = new AbortController();
      ctx = { signal: controller.signal, clock: systemClock, log: silentLogger };
    });
    afterEach(() => controller.abort());

    const sandbox = (over?: Partial<SandboxConfig>) => subject.runtime.runSandbox(sandboxConfig(over), ctx);
    const started = async (script: string, over?: Partial<ContainerConfig>) => {
      const box = await sandbox();
      const { id } = await subject.runtime.createContainer(containerConfig(box, subject.image, script, over), ctx);
      await subject.runtime.startContainer(id, ctx);
      return { box, id };
    };
    const ended = async (id: string) => {
      for (;;) {
        const state = await subject.runtime.inspect(id, ctx);
        if (state?.state === 'exited') return state;
        await systemClock.sleep(10, ctx.signal);
      }
    };

    it('says what it is', async () => {
      const info = await subject.runtime.info(ctx);
      expect(info.name).toBe(subject.runtime.name);
      expect(info.version).not.toBe('');
      expect([1, 2]).toContain(info.cgroupVersion);
    });

    it('keeps a pod’s identity, labels and annotations for an agent that comes later', async () => {
      const config = sandboxConfig({ attempt: 3 });
      const { id } = await subject.runtime.runSandbox(config, ctx);
      const { id: containerId } = await subject.runtime.createContainer(
        containerConfig({ id, pod: config.pod }, subject.image, untilTold, { attempt: 2, kind: 'init' }),
        ctx,
      );
      const { sandboxes, containers } = await subject.runtime.snapshot(ctx);
      expect(sandboxes.find((s) => s.id === id)).toMatchObject({
        pod: config.pod,
        attempt: 3,
        running: true,
        labels: config.labels,
        annotations: config.annotations,
      });
      expect(containers.find((c) => c.id === containerId)).toMatchObject({
        pod: config.pod,
        sandboxId: id,
        name: 'main',
        attempt: 2,
        kind: 'init',
        image: subject.image.name,
        state: 'created',
        startedAt: undefined,
        finishedAt: undefined,
        exitCode: undefined,
        annotations: { 'example.com/hash': '17' },
      });
    });

    it('starts, shows and stops a container, and calls again are success', async () => {
      const { runtime } = subject;
      const { box, id } = await started(untilTold);
      expect(await runtime.inspect(id, ctx)).toMatchObject({
        state: 'running',
        exitCode: undefined,
        finishedAt: undefined,
      });
      await runtime.startContainer(id, ctx);
      await runtime.stopContainer(id, 5, ctx);
      const after = await runtime.inspect(id, ctx);
      expect(after).toMatchObject({ state: 'exited', exitCode: 0, oomKilled: false });
      expect(after?.finishedAt?.getTime()).toBeGreaterThanOrEqual(
        after?.startedAt?.getTime() ?? Number.POSITIVE_INFINITY,
      );
      await runtime.stopContainer(id, 5, ctx);
      await runtime.removeContainer(id, ctx);
      await runtime.removeContainer(id, ctx);
      await runtime.stopContainer(id, 5, ctx);
      expect(await runtime.inspect(id, ctx)).toBeUndefined();
      await runtime.stopSandbox(box.id, ctx);
      await runtime.stopSandbox(box.id, ctx);
      expect((await runtime.snapshot(ctx)).sandboxes.find((s) => s.id === box.id)).toMatchObject({
        running: false,
        netns: undefined,
      });
      await runtime.removeSandbox(box.id, ctx);
      await runtime.removeSandbox(box.id, ctx);
      expect((await runtime.snapshot(ctx)).sandboxes.find((s) => s.id === box.id)).toBeUndefined();
    });

    it('tells of each change as an event with the pod’s uid', async () => {
      const { runtime } = subject;
      const seen: RuntimeEvent[] = [];
      const waiting = new Map<string, () => void>();
      const until = (type: RuntimeEvent['type'], id: string) =>
        seen.some((e) => e.type === type && e.id === id)
          ? Promise.resolve()
          : new Promise<void>((resolve) => waiting.set(`${type} ${id}`, resolve));
      const listening = new AbortController();
      const done = runtime.events(
        (event) => {
          seen.push(event);
          waiting.get(`${event.type} ${event.id}`)?.();
        },
        { ...ctx, signal: listening.signal },
      );
      done.catch(() => {});
      // The stream has no sign of being open: the first sandbox seen is the sign.
      const config = sandboxConfig();
      let box = await runtime.runSandbox(config, ctx);
      for (let attempt = 1; seen.length === 0 && attempt < 20; attempt++) {
        await systemClock.sleep(50, ctx.signal);
        if (seen.length === 0) box = await runtime.runSandbox({ ...config, attempt }, ctx);
      }
      const { id } = await runtime.createContainer(containerConfig(box, subject.image, untilTold), ctx);
      await runtime.startContainer(id, ctx);
      await until('started', id);
      await runtime.stopContainer(id, 5, ctx);
      await until('ended', id);
      await runtime.removeContainer(id, ctx);
      await until('removed', id);
      expect(seen.filter((e) => e.id === id).every((e) => e.podUid === config.pod.uid)).toBe(true);
      listening.abort();
      await done.catch((error: unknown) => expect(error).toBe(listening.signal.reason));
    });

    it('shows in a snapshot, while it listens, what has just changed', async () => {
      const { runtime } = subject;
      const listening = new AbortController();
      const done = runtime.events(() => {}, { ...ctx, signal: listening.signal });
      done.catch(() => {});
      const { id } = await started(untilTold);
      const stateOf = async () => (await runtime.snapshot(ctx)).containers.find((c) => c.id === id)?.state;
      expect(await stateOf()).toBe('running');
      expect(await stateOf()).toBe('running');
      await runtime.stopContainer(id, 5, ctx);
      expect(await stateOf()).toBe('exited');
      listening.abort();
      await done.catch(() => {});
    });

    it('refuses a container whose sandbox is gone', async () => {
      const box = await sandbox();
      await subject.runtime.stopSandbox(box.id, ctx);
      await subject.runtime.removeSandbox(box.id, ctx);
      await expect(subject.runtime.createContainer(containerConfig(box, subject.image, 'true'), ctx)).rejects.toThrow(
        ContainerConfigError,
      );
    });

    it('rejects with the reason of an aborted signal', async () => {
      const reason = new Error('no longer wanted');
      controller.abort(reason);
      await expect(subject.runtime.snapshot(ctx)).rejects.toBe(reason);
    });

    it('finds images by name and by id, and not what is not here', async () => {
      const { runtime, image } = subject;
      expect((await runtime.findImage(image.name, ctx))?.id).toBe(image.id);
      expect((await runtime.findImage(image.id, ctx))?.id).toBe(image.id);
      expect(await runtime.findImage('nobody/has-this:1', ctx)).toBeUndefined();
      expect((await runtime.listImages(ctx)).map((i) => i.id)).toContain(image.id);
    });

    it.skipIf(differs('pull-errors'))('says why a pull failed', async () => {
      await expect(subject.runtime.pullImage('127.0.0.1:1/none:1', [], ctx)).rejects.toThrow(ImagePullError);
      await expect(subject.runtime.pullImage('UPPER/case', [], ctx)).rejects.toThrow(/invalid reference format/);
    });

    describe.skipIf(differs('processes'))('with real processes', () => {
      it('reports exit codes', async () => {
        const { id } = await started('exit 7');
        expect(await ended(id)).toMatchObject({ exitCode: 7, oomKilled: false });
      });

      it('kills what does not heed SIGTERM', async () => {
        const { id } = await started('trap "" TERM; while :; do /bin/busybox sleep 0.1; done');
        await subject.runtime.stopContainer(id, 1, ctx);
        expect(await subject.runtime.inspect(id, ctx)).toMatchObject({ state: 'exited', exitCode: 137 });
      });

      it('throws the engine’s words when a command cannot start, and the container counts as ended', async () => {
        const box = await sandbox();
        const config = containerConfig(box, subject.image, '', { command: ['/no/such/program'] });
        const { id } = await subject.runtime.createContainer(config, ctx);
        await expect(subject.runtime.startContainer(id, ctx)).rejects.toThrow(ContainerStartError);
        expect(await subject.runtime.inspect(id, ctx)).toMatchObject({ state: 'exited', exitCode: 127 });
      });

      it('passes environment, working directory and arguments', async () => {
        const { id } = await started('', {
          command: ['/bin/busybox', 'sh', '-c', 'echo "$A|$PWD|$0" >&2; [ "$A|$PWD|$0" = "x=y z|/tmp|arg" ]'],
          args: ['arg'],
          workingDir: '/tmp',
          env: [{ name: 'A', value: 'x=y z' }],
        });
        expect((await ended(id)).exitCode).toBe(0);
      });

      it('runs a command to its end, and kills one that takes too long', async () => {
        const { id } = await started(untilTold);
        const { runtime } = subject;
        expect(
          await runtime.execSync(id, ['/bin/busybox', 'sh', '-c', 'echo out; echo err >&2; exit 3'], 10, ctx),
        ).toMatchObject({
          exitCode: 3,
          timedOut: false,
          output: expect.stringMatching(/out[\s\S]*err|err[\s\S]*out/),
        });
        expect(await runtime.execSync(id, ['/bin/busybox', 'sleep', '60'], 0.2, ctx)).toMatchObject({ timedOut: true });
        const big = await runtime.execSync(id, ['/bin/busybox', 'sh', '-c', 'yes | head -c 100000'], 10, ctx);
        expect(big.output.length).toBe(10 * 1024);
      });

      it('keeps standard output and error of a session apart and passes its input', async () => {
        const { id } = await started(untilTold);
        const session = await subject.runtime.exec(
          id,
          {
            command: ['/bin/busybox', 'sh', '-c', 'cat; echo bad >&2; exit 5'],
            stdin: true,
            stdout: true,
            stderr: true,
            tty: false,
          },
          ctx,
        );
        session.stdin?.end('hello');
        const [out, err] = await Promise.all([text(session.stdout!), text(session.stderr!)]);
        expect([out, err, await session.exitCode]).toEqual(['hello', 'bad\n', 5]);
      });

      it('gives a terminal of the size asked for', async () => {
        const { id } = await started(untilTold);
        const session = await subject.runtime.exec(
          id,
          {
            command: ['/bin/busybox', 'sh', '-c', 'read x; stty size'],
            stdin: true,
            stdout: true,
            stderr: true,
            tty: true,
          },
          ctx,
        );
        await session.resize(101, 37);
        session.stdin?.write('go\n');
        expect(await text(session.stdout!)).toContain('37 101');
        expect(session.stderr).toBeUndefined();
        expect(await session.exitCode).toBe(0);
      });

      it('rejects the exit code of a session whose command does not exist', async () => {
        const { id } = await started(untilTold);
        const open = async () => {
          const session = await subject.runtime.exec(
            id,
            { command: ['/no/such/program'], stdin: false, stdout: true, stderr: true, tty: false },
            ctx,
          );
          return session.exitCode;
        };
        await expect(open()).rejects.toThrow(ContainerStartError);
      });

      it('ends a session with its context', async () => {
        const { id } = await started(untilTold);
        const life = new AbortController();
        const session = await subject.runtime.exec(
          id,
          { command: ['/bin/busybox', 'sleep', '1000'], stdin: false, stdout: true, stderr: false, tty: false },
          { ...ctx, signal: life.signal },
        );
        const reason = new Error('client went away');
        life.abort(reason);
        await expect(session.exitCode).rejects.toBe(reason);
      });

      it('attaches to a running container', async () => {
        const { id } = await started('read line; echo "got $line"; exit 4', { stdin: true, stdinOnce: true });
        const session = await subject.runtime.attach(id, { stdin: true, stdout: true, stderr: true, tty: false }, ctx);
        session.stdin?.write('it\n');
        expect(await text(session.stdout!)).toBe('got it\n');
        expect(await session.exitCode).toBe(4);
      });

      it('connects to a port that listens on the pod’s loopback only', async () => {
        const { box } = await started('echo pong > /tmp/ping; exec /bin/busybox httpd -f -p 127.0.0.1:8080 -h /tmp');
        const open = async () => {
          for (;;) {
            const stream = await subject.runtime.portForward(box.id, 8080, ctx).catch(() => undefined);
            if (stream) return stream;
            await systemClock.sleep(20, ctx.signal);
          }
        };
        const stream = await open();
        stream.end('GET /ping HTTP/1.0\r\n\r\n');
        expect(await text(stream)).toMatch(/200 OK[\s\S]*pong\n$/);
      });

      it('says that nothing listens on a port', async () => {
        const box = await sandbox();
        await expect(subject.runtime.portForward(box.id, 8080, ctx)).rejects.toThrow(/connection refused/);
      });

      it('measures what a container uses', async () => {
        const { id } = await started('while :; do :; done');
        const { runtime } = subject;
        const first = await runtime.stats(id, ctx);
        await systemClock.sleep(100, ctx.signal);
        const second = await runtime.stats(id, ctx);
        expect(second?.cpuNanoseconds).toBeGreaterThan(first?.cpuNanoseconds ?? Number.POSITIVE_INFINITY);
        expect(first?.memoryUsageBytes).toBeGreaterThan(0);
        expect(first?.pids).toBeGreaterThan(0);
        await runtime.stopContainer(id, 0, ctx);
        expect(await runtime.stats(id, ctx)).toBeUndefined();
      });

      it('shares the sandbox’s network, and its pids only when asked to', async () => {
        const script = 'hostname; ls /sys/class/net; ps | grep -c [w]ait';
        const box = await sandbox({ hostname: 'my-host' });
        const run = async (name: string, pidNamespace: ContainerConfig['pidNamespace']) => {
          const config = containerConfig(box, subject.image, untilTold, { name, pidNamespace });
          const { id } = await subject.runtime.createContainer(config, ctx);
          await subject.runtime.startContainer(id, ctx);
          return (await subject.runtime.execSync(id, ['/bin/busybox', 'sh', '-c', script], 10, ctx)).output
            .trim()
            .split('\n');
        };
        expect(await run('alone', 'container')).toEqual(['my-host', 'lo', '1']);
        expect(await run('shared', 'pod')).toEqual(['my-host', 'lo', '2']);
      });
    });

    it.skipIf(differs('logs'))('keeps a log file of json lines', async () => {
      const { id } = await started('echo one; echo two >&2');
      expect((await ended(id)).logPath).toMatch(/^\//);
    });
  });
}
