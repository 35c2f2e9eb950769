import { FakeClock, silentLogger } from '@kubernest/kit';
import { isTurnOver, type KubeList, type KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import type { ResourceClient } from '../client.ts';
import { createInformerSet } from './informer-set.ts';

it('takes a list of any length in steps, and lets others have their turn between them', async () => {
  const names = Array.from({ length: 2000 }, (_, i) => `n${i}`);
  const list: KubeList<KubeObject> = {
    apiVersion: 'v1',
    kind: 'ConfigMapList',
    metadata: { resourceVersion: '7' },
    items: names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })),
  };
  const stopped = new AbortController();
  const source = { list: () => Promise.resolve(list), watch: () => Promise.reject(stopped.signal.reason as Error) };
  const informers = createInformerSet({
    resource: () => source as unknown as ResourceClient<KubeObject>,
  } as unknown as Parameters<typeof createInformerSet>[0]);
  const informer = informers.of({ group: '', version: 'v1', resource: 'configmaps' });
  const seen: string[] = [];
  informer.subscribe({
    added({ metadata: { name } }) {
      seen.push(name!);
      if (seen.length > 1) return;
      setImmediate(() => seen.push('another'));
      // As handlers do that have much to do.
      while (!isTurnOver());
    },
  });
  const { done } = await informers.start({ clock: new FakeClock(), log: silentLogger, signal: stopped.signal });
  await informer.whenSynced(stopped.signal);
  expect(seen.filter((name) => name !== 'another')).toEqual(names);
  expect(seen.indexOf('another')).toBeLessThan(1000);
  stopped.abort();
  await done;
});
