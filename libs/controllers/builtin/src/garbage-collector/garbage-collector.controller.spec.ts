import type { DeleteOptions } from '@kubernest/client';
import type { ControllerContext } from '@kubernest/controllers/engine';
import type { KubeObject, OwnerReference } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { describe, expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';
import { garbageCollector } from './garbage-collector.controller.ts';

interface Facts {
  readonly owners?: readonly OwnerReference[];
  readonly namespace?: string;
  /** A finalizer of somebody else, which holds it. */
  readonly held?: boolean;
}

/** Config maps that own one another: to the collector every kind is alike. */
class Family implements AsyncDisposable {
  private constructor(readonly cluster: TestCluster) {}

  static async start(): Promise<Family> {
    const cluster = await builtinCluster();
    await cluster.pass(500);
    return new Family(cluster);
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.cluster[Symbol.asyncDispose]();
  }

  async make(name: string, { owners = [], namespace = 'default', held }: Facts = {}): Promise<OwnerReference> {
    const metadata = {
      name,
      namespace,
      ownerReferences: owners,
      ...(held ? { finalizers: ['example.com/held'] } : {}),
    };
    const { uid } = (await this.cluster.make<KubeObject>(refs.configMaps, { metadata })).metadata;
    return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: uid! };
  }
  async remove(name: string, propagationPolicy?: DeleteOptions['propagationPolicy']): Promise<void> {
    await this.cluster.admin
      .resource(refs.configMaps)
      .delete({ namespace: 'default', name }, { propagationPolicy }, this.cluster.ctx);
    await this.settle();
  }
  async settle(): Promise<void> {
    await this.cluster.pass(1_500);
  }
  /** `name`, or `name (leaving)`. */
  async left(): Promise<readonly string[]> {
    return (await this.cluster.all(refs.configMaps))
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ metadata }) => `${metadata.name}${metadata.deletionTimestamp ? ' (leaving)' : ''}`)
      .sort();
  }
  async ownersOf(name: string): Promise<readonly string[]> {
    const { metadata } = (await this.cluster.find(refs.configMaps, name))!;
    return (metadata.ownerReferences ?? []).map((owner) => owner.name);
  }
  async release(name: string): Promise<void> {
    await this.cluster.patch(refs.configMaps, name, { metadata: { finalizers: null } });
    await this.settle();
  }
}
const blocking = (owner: OwnerReference): OwnerReference => ({ ...owner, blockOwnerDeletion: true });

describe('an owner that is deleted', () => {
  it('takes those it owns with it, and theirs', async () => {
    await using family = await Family.start();
    const parent = await family.make('parent');
    const child = await family.make('child', { owners: [parent] });
    await family.make('grandchild', { owners: [child] });
    await family.make('stranger');
    await family.remove('parent', 'Background');
    expect(await family.left()).toEqual(['stranger']);
  });

  it('in the foreground waits for those that block it', async () => {
    await using family = await Family.start();
    const parent = await family.make('parent');
    const child = await family.make('child', { owners: [blocking(parent)] });
    await family.make('grandchild', { owners: [blocking(child)], held: true });
    await family.remove('parent', 'Foreground');
    expect(await family.left()).toEqual(['child (leaving)', 'grandchild (leaving)', 'parent (leaving)']);
    await family.release('grandchild');
    expect(await family.left()).toEqual([]);
  });

  it('in the foreground does not wait for those that do not', async () => {
    await using family = await Family.start();
    const parent = await family.make('parent');
    await family.make('child', { owners: [parent], held: true });
    await family.remove('parent', 'Foreground');
    expect(await family.left()).toEqual(['child (leaving)']);
  });

  it('in the foreground leaves those that have another owner', async () => {
    await using family = await Family.start();
    const [leaving, stays] = [await family.make('leaving'), await family.make('stays')];
    await family.make('child', { owners: [blocking(leaving), stays] });
    await family.remove('leaving', 'Foreground');
    expect(await family.left()).toEqual(['child', 'stays']);
    expect(await family.ownersOf('child')).toEqual(['stays']);
  });

  it.each([2, 3, 4])('in the foreground is no knot when %d own one another in a circle', async (count) => {
    await using family = await Family.start();
    const first = await family.make('0');
    let last = first;
    for (let i = 1; i < count; i++) last = await family.make(`${i}`, { owners: [blocking(last)] });
    await family.cluster.patch(refs.configMaps, '0', { metadata: { ownerReferences: [blocking(last)] } });
    await family.remove('0', 'Foreground');
    expect(await family.left()).toEqual([]);
  });

  it('leaves orphans where that is asked', async () => {
    await using family = await Family.start();
    const parent = await family.make('parent');
    await family.make('child', { owners: [blocking(parent)] });
    await family.remove('parent', 'Orphan');
    expect(await family.left()).toEqual(['child']);
    expect(await family.ownersOf('child')).toEqual([]);
  });

  it('may be one that is in no namespace', async () => {
    await using family = await Family.start();
    const { metadata } = await family.cluster.make<KubeObject>(refs.nodes, { metadata: { name: 'n1' } });
    await family.make('child', { owners: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: metadata.uid! }] });
    await family.settle();
    expect(await family.left()).toEqual(['child']);
    await family.cluster.admin.resource(refs.nodes).delete({ name: 'n1' }, {}, family.cluster.ctx);
    await family.settle();
    expect(await family.left()).toEqual([]);
  });
});

it.each(['orphan', 'foregroundDeletion'])(
  '%s waits until everything that may be owned has been listed',
  async (finalizer) => {
    const metadata = { name: 'owner', uid: 'u', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [finalizer] };
    const resources = { isComplete: false, byUid: () => ({ resource: {}, object: { metadata } }) };
    const outcome = await garbageCollector.reconcile('u', { resources } as unknown as ControllerContext);
    expect(outcome).toEqual({ againAfter: expect.any(Number) });
  },
);

describe('an object', () => {
  it('goes when the last of its owners goes', async () => {
    await using family = await Family.start();
    const [one, two] = [await family.make('one'), await family.make('two')];
    await family.make('child', { owners: [one, two] });
    await family.remove('one', 'Background');
    expect(await family.left()).toEqual(['child', 'two']);
    await family.remove('two', 'Background');
    expect(await family.left()).toEqual([]);
  });

  it.each<[string, Partial<OwnerReference>, boolean]>([
    ['that never was', { name: 'nobody', uid: 'no-such-uid' }, false],
    ['whose name another one has now', { uid: 'no-such-uid' }, false],
    ['under another name than it has', { name: 'other-name' }, false],
    ['of another kind than it is', { kind: 'Secret' }, false],
    ['of another group than it is in', { apiVersion: 'apps/v1', kind: 'Deployment' }, false],
    ['of a kind that nobody serves', { apiVersion: 'example.com/v1', kind: 'Thing' }, true],
    ['that is there', {}, true],
  ])('of an owner %s: %j stays → %s', async (_what, over, stays) => {
    await using family = await Family.start();
    const owner = await family.make('owner');
    await family.make('child', { owners: [{ ...owner, ...over }] });
    await family.settle();
    expect(await family.left()).toEqual(stays ? ['child', 'owner'] : ['owner']);
  });

  it('goes when its owner was made again under the same name', async () => {
    await using family = await Family.start();
    const { cluster } = family;
    await cluster.stop();
    const owner = await family.make('owner');
    await family.make('child', { owners: [owner] });
    await cluster.admin.resource(refs.configMaps).delete({ namespace: 'default', name: 'owner' }, {}, cluster.ctx);
    const again = await family.make('owner');
    await family.make('heir', { owners: [again] });
    await cluster.run();
    await family.settle();
    expect(await family.left()).toEqual(['heir', 'owner']);
  });

  it('keeps the owner that is there and loses the reference that only has its uid', async () => {
    await using family = await Family.start();
    const owner = await family.make('owner');
    const misnamed = { ...owner, name: 'misnamed' };
    await family.make('child', { owners: [owner, misnamed] });
    await family.settle();
    expect(await family.ownersOf('child')).toEqual(['owner']);
  });

  it.each<[string, (family: Family) => Promise<void>]>([
    [
      'one of a kind that nobody serves',
      async (family) => {
        const owner = await family.make('owner');
        const unknown = { ...owner, apiVersion: 'example.com/v1', kind: 'Thing', uid: 'no-such-uid' };
        await family.make('child', { owners: [{ ...owner, uid: 'gone' }, owner, unknown] });
      },
    ],
    [
      'one that could only be in a namespace, of an object in none',
      async (family) => {
        const owner = await family.make('owner');
        const node = { apiVersion: 'v1', kind: 'Node', name: 'n0', uid: 'gone' };
        const metadata = { name: 'child', ownerReferences: [node, owner] };
        await family.cluster.make(refs.nodes, { metadata } as KubeObject);
      },
    ],
  ])('of several owners keeps all references as long as nothing is known of %s', async (_what, make) => {
    await using family = await Family.start();
    await make(family);
    await family.settle();
    const child =
      (await family.cluster.find(refs.configMaps, 'child')) ?? (await family.cluster.find(refs.nodes, 'child'));
    expect(child!.metadata.ownerReferences?.map(({ uid }) => uid)).toContain('gone');
  });

  it('cannot have an owner in another namespace: it goes, and an event says why', async () => {
    await using family = await Family.start();
    const { cluster } = family;
    await cluster.make(refs.namespaces, { metadata: { name: 'other' } });
    const owner = await family.make('owner', { namespace: 'other' });
    await family.make('child', { owners: [owner] });
    await family.settle();
    expect(await family.left()).toEqual(['owner']);
    expect(await cluster.events('child')).toEqual([
      `OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: ${owner.uid}] does not exist in namespace "default"`,
    ]);
  });

  it('in no namespace cannot have an owner in one: it stays, and an event says why', async () => {
    await using family = await Family.start();
    const { cluster } = family;
    const owner = await family.make('owner');
    await cluster.make(refs.nodes, { metadata: { name: 'n1', ownerReferences: [owner] } } as KubeObject);
    await family.settle();
    expect(await cluster.find(refs.nodes, 'n1')).toBeDefined();
    expect(await cluster.events('n1')).toContain(
      `OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: , name: owner, uid: ${owner.uid}] does not exist in namespace ""`,
    );
  });
});
