import { type Client, createClient, createInformerSet } from '@kubernest/client';
import type { Node, Pod } from '@kubernest/kinds';
import { childContext } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { testServer } from '@kubernest/testkit/server';
import { describe, expect, it } from 'vitest';
import { hollowNodes } from './hollow-nodes.ts';

/** With the namespace that nodes keep their Leases in. */
async function adminOf({ transport, ctx }: Awaited<ReturnType<typeof testServer>>): Promise<Client> {
  const client = createClient(transport('admin', ['system:masters']));
  const namespaces = client.resource({ group: '', version: 'v1', resource: 'namespaces' });
  await namespaces.create({ metadata: { name: 'kube-node-lease' } }, {}, ctx);
  return client;
}

describe('hollow nodes', () => {
  it('are ready once registered, also when they are started again', async () => {
    await using api = await testServer();
    const { ctx } = api;
    const client = await adminOf(api);

    for (const start of [1, 2]) {
      const own = childContext(ctx);
      const informers = createInformerSet(client);
      const nodes = hollowNodes({ client, informers, count: 3, prefix: 'hollow', version: `v1.36.${start}` });
      const { done } = await nodes.start(own.ctx);
      const { items } = await client.resource<Node>({ group: '', version: 'v1', resource: 'nodes' }).list({}, ctx);
      expect(items.map(({ metadata }) => metadata.name)).toEqual(['hollow-0', 'hollow-1', 'hollow-2']);
      for (const { status } of items) {
        expect(status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
        expect(status?.nodeInfo?.kubeletVersion).toBe(`v1.36.${start}`);
      }
      own.controller.abort();
      await done;
    }
  });

  it('may be none at all, which run until told to end', async () => {
    await using api = await testServer();
    const client = await adminOf(api);
    const own = childContext(api.ctx);
    const options = { client, informers: createInformerSet(client), count: 0, prefix: 'hollow', version: 'v1' };
    let hasEnded = false;
    const { done } = await hollowNodes(options).start(own.ctx);
    const ended = done.then(() => {
      hasEnded = true;
    });
    await api.clock.advance(100_000);
    expect(hasEnded).toBe(false);
    own.controller.abort();
    await ended;
  });

  it('say that they are there when they were given up for lost', async () => {
    await using api = await testServer();
    const { ctx } = api;
    const client = await adminOf(api);
    const own = childContext(ctx);
    const informers = createInformerSet(client);
    const nodes = client.resource<Node>({ group: '', version: 'v1', resource: 'nodes' });
    const hollow = await hollowNodes({ client, informers, count: 2, prefix: 'hollow', version: 'v1' }).start(own.ctx);
    const engine = await informers.start(own.ctx);

    const seen = childContext(ctx);
    const told: (string | undefined)[] = [];
    const { metadata } = await nodes.list({}, ctx);
    const watching = nodes
      .watch(
        { fieldSelector: 'metadata.name=hollow-1', resourceVersion: metadata.resourceVersion },
        (event) => {
          if (event.type !== 'MODIFIED') return;
          told.push(event.object.status?.conditions?.find(({ type }) => type === 'Ready')?.status);
          if (told.length === 2) seen.controller.abort();
        },
        seen.ctx,
      )
      .catch(() => {});
    const conditions = [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }];
    const patch = { type: 'merge', body: { status: { conditions } }, subresource: 'status' } as const;
    await nodes.patch({ name: 'hollow-1' }, patch, {}, ctx);
    await watching;
    expect(told).toEqual(['Unknown', 'True']);
    own.controller.abort();
    await Promise.allSettled([hollow.done, engine.done]);
  });

  it('end a pod whose time is up', async () => {
    await using api = await testServer();
    const { ctx, clock } = api;
    const client = await adminOf(api);
    const own = childContext(ctx);
    const informers = createInformerSet(client);
    const hollow = await hollowNodes({ client, informers, count: 1, prefix: 'hollow', version: 'v1' }).start(own.ctx);
    const engine = await informers.start(own.ctx);
    const pods = client.resource<Pod & KubeObject>({ group: '', version: 'v1', resource: 'pods' });
    const containers = [{ name: 'c', image: 'i' }];
    const spec = { nodeName: 'hollow-0', activeDeadlineSeconds: 60, containers };
    const seen = childContext(ctx);
    const phases: (string | undefined)[] = [];
    const watching = pods
      .watch(
        { namespace: 'default', resourceVersion: '0' },
        ({ object: { status } }) => {
          if (phases.at(-1) !== status?.phase) phases.push(status?.phase);
          if (status?.phase === 'Running') void clock.advance(60_000);
          if (status?.phase === 'Failed') seen.controller.abort();
        },
        seen.ctx,
      )
      .catch(() => {});
    const timed = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'timed', namespace: 'default' }, spec };
    await pods.create(timed as Pod & KubeObject, {}, ctx);
    await watching;
    expect(phases).toEqual(['Pending', 'Running', 'Failed']);
    own.controller.abort();
    await Promise.allSettled([hollow.done, engine.done]);
  });
});
