import { Catalog } from '@kubernest/apiserver/contract';
import { createApiServer } from '@kubernest/apiserver/handlers';
import { builtinKinds, findBodyType } from '@kubernest/kinds';
import { memoryStore } from '@kubernest/store/memory';

/** An API server in memory, not started, at which everybody is ann and may everything. */
export const serverForAll = (limits: Parameters<typeof createApiServer>[0]['limits']) =>
  createApiServer({
    store: memoryStore(),
    catalog: new Catalog(builtinKinds),
    findBodyType,
    authenticators: () => [{ name: 'all', authenticate: () => ({ username: 'ann', groups: [] }) }],
    authorizers: () => [{ name: 'all', authorize: () => ({ verdict: 'allow', reason: '' }) }],
    admission: () => [],
    subresources: () => [],
    virtual: () => [],
    version: { gitVersion: 'v1.36.0+kubernest', major: '1', minor: '36' },
    limits,
  });
