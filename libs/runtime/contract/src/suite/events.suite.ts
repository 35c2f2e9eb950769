import { systemClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import type { RuntimeEvent } from '../runtime.ts';
import type { SuiteBench } from './bench.ts';
import { containerConfig, sandboxConfig, untilTold } from './configs.ts';

/** What is said of changes, and what a snapshot shows of them. */
export function describeEvents(bench: SuiteBench): void {
  it('tells of each change as an event with the pod’s uid', async () => {
    const { runtime } = bench;
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
      { ...bench.ctx, signal: listening.signal },
    );
    done.catch(() => {});
    // The stream has no sign of being open: the first sandbox seen is the sign.
    const config = sandboxConfig();
    let box = await runtime.runSandbox(config, bench.ctx);
    for (let attempt = 1; seen.length === 0 && attempt < 20; attempt++) {
      await systemClock.sleep(50, bench.ctx.signal);
      if (seen.length === 0) box = await runtime.runSandbox({ ...config, attempt }, bench.ctx);
    }
    const { id } = await runtime.createContainer(containerConfig(box, bench.image, untilTold), bench.ctx);
    await until('created', id);
    await runtime.startContainer(id, bench.ctx);
    await until('started', id);
    await runtime.stopContainer(id, 5, bench.ctx);
    await until('ended', id);
    await runtime.removeContainer(id, bench.ctx);
    await until('removed', id);
    expect(seen.filter((e) => e.id === id).every((e) => e.podUid === config.pod.uid)).toBe(true);
    listening.abort();
    await done.catch((error: unknown) => expect(error).toBe(listening.signal.reason));
  });

  it('shows in a snapshot, while it listens, what has just changed', async () => {
    const { runtime } = bench;
    const listening = new AbortController();
    const done = runtime.events(() => {}, { ...bench.ctx, signal: listening.signal });
    done.catch(() => {});
    const { id } = await bench.started(untilTold);
    const stateOf = async () => (await runtime.snapshot(bench.ctx)).containers.find((c) => c.id === id)?.state;
    expect(await stateOf()).toBe('running');
    expect(await stateOf()).toBe('running');
    await runtime.stopContainer(id, 5, bench.ctx);
    expect(await stateOf()).toBe('exited');
    listening.abort();
    await done.catch(() => {});
  });
}
