import type { Steps } from '@kubernest/meta';
import { nodesRef, podsRef, type SchedulerPlugin } from '@kubernest/scheduler/engine';
import { expect, it } from 'vitest';
import { builtinPlugins } from './builtin.ts';
import { SchedulerCluster } from './scheduler-cluster.fixture.ts';

/** A plugin that looks around for as long as `isBusy`, in steps of which each takes a whole turn. */
function slow(isBusy: (name: string) => boolean) {
  const looks: string[] = [];
  let tell = (): void => {};
  /** Waits until so many decisions have begun. */
  const begun = async (count: number): Promise<void> => {
    while (looks.length < count) await new Promise<void>((resolve) => (tell = resolve));
  };
  let take = (): void => {};
  const plugin: SchedulerPlugin = {
    name: 'slow',
    unblockedBy: [],
    *survey({ metadata: { name = '' } }): Steps<true> {
      looks.push(name);
      tell();
      while (isBusy(name)) {
        take();
        yield;
      }
      return true;
    },
  };
  const start = async () => {
    const on = await SchedulerCluster.start([plugin, ...builtinPlugins]);
    take = () => {
      on.taken += 10;
    };
    return on;
  };
  return { start, looks, begun };
}

it('a decision that takes long lets others go on between its steps, and is made all the same', async () => {
  let others = 0;
  const { start, looks } = slow(() => others < 3);
  await using on = await start();
  await on.addNode('n1');
  const count = (): void => {
    if (++others < 3) setImmediate(count);
  };
  setImmediate(count);
  await on.addPod('p');
  await on.placed('p', 'n1');
  expect([others, looks]).toEqual([3, ['p']]);
});

it('nodes are steps, too', async () => {
  const calls: string[] = [];
  let seen = 0;
  const heavy: SchedulerPlugin = {
    name: 'heavy',
    unblockedBy: [],
    filter: (_pod, node) => {
      if (calls.push(node.name) === 1) setImmediate(() => (seen = calls.length));
      on.taken += 10;
      return undefined;
    },
  };
  await using on = await SchedulerCluster.start([heavy]);
  for (const name of ['n1', 'n2', 'n3', 'n4']) await on.addNode(name);
  await on.addPod('p');
  await on.placed('p', /^n/);
  expect(calls).toHaveLength(4);
  expect(seen).toBe(1);
});

it('many short decisions end their turn by the clock', async () => {
  let decided = 0;
  let inOneTurn = 0;
  const each: SchedulerPlugin = {
    name: 'each',
    unblockedBy: [],
    prepare() {
      on.taken += 3;
      if (decided++ === 0) setImmediate(() => (inOneTurn = decided));
      return undefined;
    },
  };
  await using on = await SchedulerCluster.start([each, ...builtinPlugins]);
  for (let i = 0; i < 10; i++) await on.addPod(`p${i}`);
  await on.placed('p9', 'False Unschedulable: no nodes available to schedule pods');
  decided = 0;
  await on.addNode('n1', {}, '10');
  await on.placed('p9', 'n1');
  expect(decided).toBeGreaterThanOrEqual(10);
  expect(inOneTurn).toBeLessThanOrEqual(3);
});

it('a pod that is deleted while it is decided on is bound to nothing', async () => {
  let isBusy = true;
  const { start, begun } = slow((name) => name === 'p' && isBusy);
  await using on = await start();
  await on.addNode('n1');
  await on.addPod('p');
  await begun(1);
  await on.remove('p');
  await on.addPod('q');
  await on.placed('q', 'n1');
  isBusy = false;
  expect(on.bindings.filter((path) => path.includes('/p/'))).toEqual([]);
});

it('a pod that becomes another while it is decided on is decided on anew', async () => {
  const { start, looks, begun } = slow((name): boolean => name === 'p' && looks.length === 1);
  await using on = await start();
  await on.addNode('n1');
  await on.addPod('p');
  await begun(1);
  await on.patch(podsRef, 'p', { metadata: { labels: { a: 'b' } } });
  await on.placed('p', 'n1');
  expect(looks).toEqual(['p', 'p']);
});

it('what changes for the better while a pod is decided on is not missed', async () => {
  let isBusy = true;
  const { start, looks, begun } = slow((name) => name === 'second' && isBusy);
  await using on = await start();
  await on.addNode('n1');
  await on.addPod('first', {}, '2');
  await on.placed('first', 'n1');
  await on.addPod('second', {}, '2', { labels: { a: 'b' } });
  await begun(2);
  await on.patch(nodesRef, 'n1', { metadata: { labels: { new: 'label' } } });
  await on.told(() => on.informers.of(nodesRef).get('n1')?.metadata.labels?.new === 'label');
  isBusy = false;
  await begun(3);
  expect(looks).toEqual(['first', 'second', 'second']);
});

it('a node that goes while a pod is decided on does not get it', async () => {
  let isBusy = true;
  const { start, begun } = slow((name) => name === 'p' && isBusy);
  await using on = await start();
  await on.addNode('n1');
  await on.addPod('p');
  await begun(1);
  await on.client.resource(nodesRef).delete({ name: 'n1' }, {}, on.ctx);
  await on.told(() => !on.informers.of(nodesRef).get('n1'));
  isBusy = false;
  await on.placed('p', 'False Unschedulable: no nodes available to schedule pods');
  expect(on.bindings).toEqual([]);
});
