import { accessReviews } from '@kubernest/apiserver/access';
import type { TokenAuthority } from '@kubernest/apiserver/authn';
import type { ApiCore } from '@kubernest/apiserver/contract';
import { loopbackTransport } from '@kubernest/apiserver/handlers';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { type Client, createClient } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { apiServerOf } from '@kubernest/testkit/server';

/** The administrator's client of an API server that lives as long as `ctx`, by its clock. */
export async function startApi(ctx: Context): Promise<Client> {
  const parts = {
    subresources: () => builtinSubresources({ dialer: {} as never, tokens: {} as never }),
    virtual: (core: ApiCore) => accessReviews(core, {} as TokenAuthority),
  };
  const server = apiServerOf(parts, ctx.clock);
  await server.start(ctx);
  const client = createClient(loopbackTransport(server, { username: 'kubernetes-admin', groups: ['system:masters'] }));
  const namespace = { metadata: { name: 'default' } } as KubeObject;
  await client.resource({ group: '', version: 'v1', resource: 'namespaces' }).create(namespace, {}, ctx);
  return client;
}
