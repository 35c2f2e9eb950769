import { type AdmissionPlugin, type ApiServer, type ApiServerParts, Catalog } from '@kubernest/apiserver/contract';
import { createApiServer } from '@kubernest/apiserver/handlers';
import { builtinKinds, findBodyType } from '@kubernest/kinds';
import type { Clock } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';

export type ServerParts = Partial<ApiServerParts> & { readonly plugins?: readonly AdmissionPlugin[] };

/** The real API server, not started: over a store in memory unless given, with all built-in kinds and with plain doors. */
export function apiServerOf({ plugins = [], ...parts }: ServerParts, clock: Clock): ApiServer {
  return createApiServer({
    store: memoryStore({ clock }),
    catalog: new Catalog(builtinKinds),
    findBodyType,
    ...plainDoors,
    admission: () => plugins,
    subresources: () => [],
    virtual: () => [],
    version: { gitVersion: 'v1.36.0+kubernest', major: '1', minor: '36' },
    ...parts,
  });
}

/** Who asks says so in the header `x-user`, and may do everything, unless that is eve. */
const plainDoors: Pick<ApiServerParts, 'authenticators' | 'authorizers'> = {
  authenticators: () => [
    {
      name: 'header',
      authenticate: ({ headers }) => (headers['x-user'] ? { username: headers['x-user'], groups: [] } : undefined),
    },
  ],
  authorizers: () => [
    {
      name: 'all-but-eve',
      authorize: ({ user }) =>
        user.username === 'eve' || user.username === 'system:anonymous'
          ? { verdict: 'no-opinion', reason: '' }
          : { verdict: 'allow', reason: '' },
    },
  ],
};
