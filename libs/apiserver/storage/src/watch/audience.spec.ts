import { CacheEntry, objectFormOf } from '@kubernest/apiserver/codec';
import type { ApiRequest } from '@kubernest/apiserver/contract';
import { Converter, gadgetsIn, v1 } from '@kubernest/apiserver/storage/testing';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it, vi } from 'vitest';
import type { CacheEvent } from '../cache/resource-cache.ts';
import { Resource } from '../catalog/resource.ts';
import { ResourceSelection } from '../selection/selection.ts';
import { Audience } from './audience.ts';
import type { Watcher } from './watcher.ts';

const MiB = 1024 * 1024;
const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
const resource = new Resource(gadgetsIn(v1, new Converter())[2]!);
const objects = objectFormOf({ headers: {} } as ApiRequest, resource);

function audienceOf(watcher: Watcher): Audience {
  const audience = new Audience(resource, true);
  const selection = new ResourceSelection(resource, { namespace: undefined, labelSelector: '', fieldSelector: '' });
  audience.groups.enter('all', () => ({ form: objects, selection, watchers: new Set([watcher]) }));
  return audience;
}
const eventOf = (revision: number, bytes: number): CacheEvent => {
  const entry = new CacheEntry({
    key: `${resource.prefix}d/a`,
    revision,
    bytes: Buffer.alloc(bytes),
    namespace: 'd',
    name: 'a',
  });
  return { type: 'ADDED', revision, entry, old: undefined };
};

it('whose events come faster than they are converted is told to begin anew before they fill the memory', () => {
  const watcher = { deliver: vi.fn(), bookmark: vi.fn(), expire: vi.fn(), end: vi.fn(), fail: vi.fn() };
  const audience = audienceOf(watcher);
  audience.begin();
  for (let i = 1; i <= 32; i++) audience.add([eventOf(i, MiB)], ctx);
  expect(watcher.fail).not.toHaveBeenCalled();
  expect(audience.next()).toHaveLength(32);
  for (let i = 33; i <= 65; i++) audience.add([eventOf(i, MiB)], ctx);
  expect(watcher.fail.mock.calls).toEqual([[new Error('changes come faster than they are converted')]]);
  expect([audience.isConverting, audience.next()]).toEqual([false, []]);
});
