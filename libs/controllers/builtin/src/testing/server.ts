import { accessReviews } from '@kubernest/apiserver/access';
import { admissionPlugins } from '@kubernest/apiserver/admission';
import { authenticators, type tokenAuthority } from '@kubernest/apiserver/authn';
import { authorizers } from '@kubernest/apiserver/authz';
import type { ApiServer, Catalog } from '@kubernest/apiserver/contract';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { createApiServer } from '@kubernest/apiserver/handlers';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { findBodyType } from '@kubernest/kinds';
import type { FakeClock } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';

interface Served {
  readonly catalog: Catalog;
  readonly tokens: ReturnType<typeof tokenAuthority>;
}

/** Every stage and plugin, over a store in memory. */
export function serverOf(clock: FakeClock, { catalog, tokens }: Served): ApiServer {
  return createApiServer({
    store: memoryStore({ clock }),
    catalog,
    findBodyType,
    authenticators: authenticators(tokens),
    authorizers,
    admission: admissionPlugins({ serviceCidr: '10.96.0.0/16', nodePorts: { first: 30000, last: 32767 } }),
    subresources: (core) => builtinSubresources({ dialer: cutOffDialer(core.read), tokens }),
    virtual: (core) => accessReviews(core, tokens),
    version: { gitVersion: 'v1.36.0+kubernest', major: '1', minor: '36' },
  });
}
