import { expect, it } from 'vitest';
import { ContainerConfigError } from '../errors.ts';
import type { SuiteBench } from './bench.ts';
import { containerConfig, sandboxConfig, untilTold } from './configs.ts';

/** Identity, life and end of sandboxes and containers. */
export function describeLife(bench: SuiteBench): void {
  it('says what it is', async () => {
    const info = await bench.runtime.info(bench.ctx);
    expect(info.name).toBe(bench.runtime.name);
    expect(info.version).not.toBe('');
    expect([1, 2]).toContain(info.cgroupVersion);
  });

  it('keeps a pod’s identity, labels and annotations for an agent that comes later', async () => {
    const config = sandboxConfig({ attempt: 3 });
    const { id } = await bench.runtime.runSandbox(config, bench.ctx);
    const { id: containerId } = await bench.runtime.createContainer(
      containerConfig({ id, pod: config.pod }, bench.image, untilTold, { attempt: 2, kind: 'init' }),
      bench.ctx,
    );
    const { sandboxes, containers } = await bench.runtime.snapshot(bench.ctx);
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
      image: bench.image.name,
      state: 'created',
      startedAt: undefined,
      finishedAt: undefined,
      exitCode: undefined,
      annotations: { 'example.com/hash': '17' },
    });
  });

  it('shows of one pod all that it has and nothing of another’s', async () => {
    const [mine, other] = [await bench.started(untilTold), await bench.started(untilTold)];
    const { sandboxes, containers } = await bench.runtime.snapshotOf(mine.box.pod.uid, bench.ctx);
    expect([...sandboxes, ...containers].map((each) => each.id)).toEqual([mine.box.id, mine.id]);
    expect(containers[0]?.state).toBe('running');
    await bench.runtime.stopContainer(mine.id, 5, bench.ctx);
    await bench.runtime.removeContainer(mine.id, bench.ctx);
    await bench.runtime.removeSandbox(mine.box.id, bench.ctx);
    const nothing = { sandboxes: [], containers: [] };
    expect(await bench.runtime.snapshotOf(mine.box.pod.uid, bench.ctx)).toEqual(nothing);
    expect((await bench.runtime.snapshotOf(other.box.pod.uid, bench.ctx)).containers).toHaveLength(1);
  });

  it('starts, shows and stops a container, and calls again are success', async () => {
    const { runtime } = bench;
    const { box, id } = await bench.started(untilTold);
    expect(await runtime.inspect(id, bench.ctx)).toMatchObject({
      state: 'running',
      exitCode: undefined,
      finishedAt: undefined,
    });
    await runtime.startContainer(id, bench.ctx);
    await expect(runtime.removeContainer(id, bench.ctx)).rejects.toThrow();
    await runtime.stopContainer(id, 5, bench.ctx);
    const after = await runtime.inspect(id, bench.ctx);
    expect(after).toMatchObject({ state: 'exited', exitCode: 0, oomKilled: false });
    expect(after?.finishedAt?.getTime()).toBeGreaterThanOrEqual(
      after?.startedAt?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    await runtime.stopContainer(id, 5, bench.ctx);
    await runtime.removeContainer(id, bench.ctx);
    await runtime.removeContainer(id, bench.ctx);
    await runtime.stopContainer(id, 5, bench.ctx);
    expect(await runtime.inspect(id, bench.ctx)).toBeUndefined();
    await runtime.stopSandbox(box.id, bench.ctx);
    await runtime.stopSandbox(box.id, bench.ctx);
    expect((await runtime.snapshot(bench.ctx)).sandboxes.find((s) => s.id === box.id)).toMatchObject({
      running: false,
      netns: undefined,
    });
    await runtime.removeSandbox(box.id, bench.ctx);
    await runtime.removeSandbox(box.id, bench.ctx);
    expect((await runtime.snapshot(bench.ctx)).sandboxes.find((s) => s.id === box.id)).toBeUndefined();
  });

  it('refuses a container whose sandbox is gone', async () => {
    const box = await bench.sandbox();
    await bench.runtime.stopSandbox(box.id, bench.ctx);
    await bench.runtime.removeSandbox(box.id, bench.ctx);
    await expect(bench.runtime.createContainer(containerConfig(box, bench.image, 'true'), bench.ctx)).rejects.toThrow(
      ContainerConfigError,
    );
  });

  it('rejects with the reason of an aborted signal', async () => {
    const reason = new Error('no longer wanted');
    bench.abort(reason);
    await expect(bench.runtime.snapshot(bench.ctx)).rejects.toBe(reason);
  });
}
