import { systemClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import type { ContainerConfig } from '../container.ts';
import { ContainerStartError } from '../errors.ts';
import type { SuiteBench } from './bench.ts';
import { containerConfig, untilTold } from './configs.ts';

/** What only real processes can show. */
export function describeProcesses(bench: SuiteBench): void {
  it('reports exit codes', async () => {
    const { id } = await bench.started('exit 7');
    expect(await bench.ended(id)).toMatchObject({ exitCode: 7, oomKilled: false });
  });

  it('kills what does not heed SIGTERM', async () => {
    const { id } = await bench.started('trap "" TERM; while :; do /bin/busybox sleep 0.1; done');
    await bench.runtime.stopContainer(id, 1, bench.ctx);
    expect(await bench.runtime.inspect(id, bench.ctx)).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  it('throws the engine’s words when a command cannot start, and the container counts as ended', async () => {
    const box = await bench.sandbox();
    const config = containerConfig(box, bench.image, '', { command: ['/no/such/program'] });
    const { id } = await bench.runtime.createContainer(config, bench.ctx);
    await expect(bench.runtime.startContainer(id, bench.ctx)).rejects.toThrow(ContainerStartError);
    expect(await bench.runtime.inspect(id, bench.ctx)).toMatchObject({ state: 'exited', exitCode: 127 });
  });

  it('passes environment, working directory and arguments', async () => {
    const { id } = await bench.started('', {
      command: ['/bin/busybox', 'sh', '-c', 'echo "$A|$PWD|$0" >&2; [ "$A|$PWD|$0" = "x=y z|/tmp|arg" ]'],
      args: ['arg'],
      workingDir: '/tmp',
      env: [{ name: 'A', value: 'x=y z' }],
    });
    expect((await bench.ended(id)).exitCode).toBe(0);
  });

  it('runs a command to its end, and kills one that takes too long', async () => {
    const { id } = await bench.started(untilTold);
    const { runtime } = bench;
    expect(
      await runtime.execSync(id, ['/bin/busybox', 'sh', '-c', 'echo out; echo err >&2; exit 3'], 10, bench.ctx),
    ).toMatchObject({
      exitCode: 3,
      timedOut: false,
      output: expect.stringMatching(/out[\s\S]*err|err[\s\S]*out/),
    });
    expect(await runtime.execSync(id, ['/bin/busybox', 'sleep', '60'], 0.2, bench.ctx)).toMatchObject({
      timedOut: true,
    });
    const big = await runtime.execSync(id, ['/bin/busybox', 'sh', '-c', 'yes | head -c 100000'], 10, bench.ctx);
    expect(big.output.length).toBe(10 * 1024);
  });

  it('measures what a container uses', async () => {
    const { id } = await bench.started('while :; do :; done');
    const { runtime } = bench;
    const first = await runtime.stats(id, bench.ctx);
    await systemClock.sleep(100, bench.ctx.signal);
    const second = await runtime.stats(id, bench.ctx);
    expect(second?.cpuNanoseconds).toBeGreaterThan(first?.cpuNanoseconds ?? Number.POSITIVE_INFINITY);
    expect(first?.memoryUsageBytes).toBeGreaterThan(0);
    expect(first?.pids).toBeGreaterThan(0);
    await runtime.stopContainer(id, 0, bench.ctx);
    expect(await runtime.stats(id, bench.ctx)).toBeUndefined();
  });

  it('shares the sandbox’s network, and its pids only when asked to', async () => {
    const script = 'hostname; ls /sys/class/net; ps | grep -c [w]ait';
    const box = await bench.sandbox({ hostname: 'my-host' });
    const run = async (name: string, pidNamespace: ContainerConfig['pidNamespace']) => {
      const config = containerConfig(box, bench.image, untilTold, { name, pidNamespace });
      const { id } = await bench.runtime.createContainer(config, bench.ctx);
      await bench.runtime.startContainer(id, bench.ctx);
      return (await bench.runtime.execSync(id, ['/bin/busybox', 'sh', '-c', script], 10, bench.ctx)).output
        .trim()
        .split('\n');
    };
    expect(await run('alone', 'container')).toEqual(['my-host', 'lo', '1']);
    expect(await run('shared', 'pod')).toEqual(['my-host', 'lo', '2']);
  });

  if (bench.differs('logs')) return;
  it('keeps a log file of json lines', async () => {
    const { id } = await bench.started('echo one; echo two >&2');
    expect((await bench.ended(id)).logPath).toMatch(/^\//);
  });
}
