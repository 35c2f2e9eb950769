import { accessReviews } from '@kubernest/apiserver/access';
import type { TokenAuthority } from '@kubernest/apiserver/authn';
import { Catalog } from '@kubernest/apiserver/contract';
import { createApiServer, loopbackTransport } from '@kubernest/apiserver/handlers';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { type Client, createClient } from '@kubernest/client';
import { builtinKinds, findBodyType } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { memoryStore } from '@kubernest/store/memory';

const admin = { username: 'kubernetes-admin', groups: ['system:masters'] };

/** The real API pipeline over a store in memory. */
export async function startApi(ctx: Context): Promise<Client> {
  const server = createApiServer({
    store: memoryStore({ clock: ctx.clock }),
    catalog: new Catalog(builtinKinds),
    findBodyType,
    authenticators: () => [],
    authorizers: () => [{ name: 'all', authorize: () => ({ verdict: 'allow', reason: '' }) }],
    admission: () => [],
    subresources: () => builtinSubresources({ dialer: {} as never, tokens: {} as never }),
    virtual: (core) => accessReviews(core, {} as TokenAuthority),
    version: { gitVersion: 'v1.36.0+kubernest', major: '1', minor: '36' },
  });
  await server.start(ctx);
  const client = createClient(loopbackTransport(server, admin));
  const namespace = { metadata: { name: 'default' } } as KubeObject;
  await client.resource({ group: '', version: 'v1', resource: 'namespaces' }).create(namespace, {}, ctx);
  return client;
}
