import { loopbackTransport } from '@kubernest/apiserver/engine';
import { testServer } from '@kubernest/apiserver/engine/testing';
import { createClient, createInformerSet } from '@kubernest/client';
import type { Node } from '@kubernest/kinds';
import { childContext } from '@kubernest/kit';
import { describe, expect, it } from 'vitest';
import { hollowNodes } from './hollow-nodes.ts';

describe('hollow nodes', () => {
  it('are ready once registered, also when they are started again', async () => {
    await using api = await testServer();
    const { server, ctx } = api;
    const client = createClient(loopbackTransport(server, { username: 'admin', groups: ['system:masters'] }));
    const namespaces = client.resource({ group: '', version: 'v1', resource: 'namespaces' });
    await namespaces.create({ metadata: { name: 'kube-node-lease' } }, {}, ctx);

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
});
