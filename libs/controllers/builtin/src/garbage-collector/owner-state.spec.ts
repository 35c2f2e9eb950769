import type { DiscoveredResource } from '@kubernest/controllers/engine';
import { type KubeObject, notFound, type OwnerReference, StatusError } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { AbsentOwners } from './absent-owners.ts';
import { type CollectorContext, statesOf } from './owner-state.ts';

const resource = { group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespaced: true };
const owners = (count: number): OwnerReference[] =>
  Array.from({ length: count }, (_, i) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: `o${i}`, uid: `u${i}` }));
const dependent = {
  resource: resource as unknown as DiscoveredResource,
  object: { metadata: { namespace: 'default', name: 'd', uid: 'd' } } as KubeObject,
};

/** A server that has `present`, and counts. */
function server(present: readonly string[] = []) {
  const seen = { asked: 0, atOnce: 0, most: 0 };
  const fetch = async ({ name }: { readonly name: string }) => {
    seen.asked++;
    seen.atOnce++;
    seen.most = Math.max(seen.most, seen.atOnce);
    await Promise.resolve();
    seen.atOnce--;
    if (!present.includes(name)) throw notFound({ group: '', resource: 'configmaps', name });
    return { metadata: { name, uid: name.replace('o', 'u') } };
  };
  const ctx = {
    absent: new AbsentOwners(),
    client: { metadata: () => ({ fetch }) },
    resources: { byUid: () => undefined, find: (_: string, kind: string) => (kind === 'Gone' ? undefined : resource) },
  } as unknown as CollectorContext;
  return { seen, ctx };
}

describe('the server', () => {
  it('is asked for thousands of owners one after the other, and once for each', async () => {
    const { seen, ctx } = server(['o7']);
    const all = owners(8000);
    const states = await statesOf([...all, ...all], dependent, ctx);
    expect(states.flatMap((state, i) => (state === 'absent' ? [] : [[i, state]]))).toEqual([
      [7, 'solid'],
      [8007, 'solid'],
    ]);
    expect(seen).toEqual({ asked: 8000, atOnce: 0, most: 1 });
  });

  it('is not asked again for those it does not have', async () => {
    const { seen, ctx } = server();
    await statesOf(owners(8000), dependent, ctx);
    await statesOf(owners(8000), dependent, ctx);
    expect(seen.asked).toBe(8000);
  });

  it('says nothing of an owner when it has nothing under the path: the kind may have just gone', async () => {
    const { ctx } = server();
    const nowhere = new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
    const gone = { ...ctx, client: { metadata: () => ({ fetch: () => Promise.reject(nowhere) }) } };
    expect(await statesOf(owners(2), dependent, gone as unknown as CollectorContext)).toEqual(['unknown', 'unknown']);
    expect(ctx.absent.has(owners(1)[0]!, 'default')).toBe(false);
  });

  it('is not asked where one is of a kind that nobody serves', async () => {
    const { seen, ctx } = server();
    const states = await statesOf([...owners(100), { ...owners(1)[0]!, kind: 'Gone' }], dependent, ctx);
    expect([states.includes('unknown'), seen.asked]).toEqual([true, 0]);
  });
});
