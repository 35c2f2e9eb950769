import type { KubeObject } from '@kubernest/meta';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DiscoveredResource, FoundObject } from './controller.ts';
import { OwnershipIndex } from './ownership-index.ts';

const uids = ['u0', 'u1', 'u2', 'u3'];
const resources = ['things', 'others'].map(
  (resource): DiscoveredResource => ({
    group: '',
    version: 'v1',
    resource,
    kind: resource,
    namespaced: false,
    verbs: [],
  }),
);
const objectOf = (uid: string, owners: readonly string[], revision: number): KubeObject => ({
  metadata: {
    name: uid,
    uid,
    resourceVersion: `${revision}`,
    ownerReferences: owners.map((owner) => ({ apiVersion: 'v1', kind: 'Thing', name: owner, uid: owner })),
  },
});
const said = ({ resource, object }: FoundObject) =>
  `${resource.resource} ${object.metadata.uid} ${object.metadata.resourceVersion}`;

/** Present or gone, and whom it names then. The same owner may be named twice, and itself. */
const step = fc.record({
  resource: fc.constantFrom(...resources),
  uid: fc.constantFrom(...uids),
  owners: fc.option(fc.array(fc.constantFrom(...uids), { maxLength: 4 })),
});

it('knows after any adds, updates and deletes what is there, by its uid and by its owners', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const index = new OwnershipIndex();
      const there = new Map<string, FoundObject>();
      for (const [revision, { resource, uid, owners }] of steps.entries()) {
        const found = { resource, object: objectOf(uid, owners ?? [], revision) };
        const id = `${resource.resource}/${uid}`;
        if (owners) {
          index.put(found);
          there.set(id, found);
        } else {
          index.delete(found);
          there.delete(id);
        }
        for (const each of uids) {
          const own = [...there.values()].filter(({ object }) => object.metadata.uid === each);
          const known = index.byUid(each);
          expect(known ? own.map(said).includes(said(known)) : own.length === 0).toBe(true);
          const names = ({ object }: FoundObject) =>
            object.metadata.ownerReferences!.some((owner) => owner.uid === each);
          expect(index.dependentsOf(each).map(said).sort()).toEqual([...there.values()].filter(names).map(said).sort());
        }
      }
    }),
  );
});

it('leaves out what has no uid', () => {
  const index = new OwnershipIndex();
  const { uid: _, ...metadata } = objectOf('u0', ['u1'], 1).metadata;
  index.put({ resource: resources[0]!, object: { metadata } });
  expect(index.dependentsOf('u1')).toEqual([]);
});
