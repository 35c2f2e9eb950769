import { existsSync } from 'node:fs';
import { accessReviews, openIdDocuments } from '@kubernest/apiserver/access';
import { admissionPlugins } from '@kubernest/apiserver/admission';
import { authenticators } from '@kubernest/apiserver/authn';
import { authorizers } from '@kubernest/apiserver/authz';
import { createDialer, type Dialer } from '@kubernest/apiserver/dialer';
import { type ApiCore, type ApiServer, type BodyWorker, Catalog, createApiServer } from '@kubernest/apiserver/engine';
import { apiServerMetrics } from '@kubernest/apiserver/metrics';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { builtinKinds } from '@kubernest/kinds';
import { type Context, kubernetesVersion } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { allocationRanges } from './allocations.ts';
import type { ApiserverConfig } from './apiserver.config.ts';
import type { ServerSecrets } from './secrets.ts';

/** Beside the program in a bundle; from source, which no thread can be started from, there is none. */
function bodyWorker(): BodyWorker | undefined {
  const [name, here] = ['./body-worker.js', import.meta.url];
  const program = new URL(name, here);
  return existsSync(program) ? { program, knows: builtinKinds } : undefined;
}

/** Made once there is something to read of; the same for whoever asks. */
function oneDialer(
  { port }: ApiserverConfig,
  { cluster, kubeletClient }: ServerSecrets,
  ctx: Context,
): (core: ApiCore) => Dialer {
  let dialer: Dialer | undefined;
  const identity = () => {
    const { certificate: cert, key } = kubeletClient.value;
    return { ca: cluster.authority.certificate, cert, key };
  };
  return ({ read }) => (dialer ??= createDialer({ read, identity, own: { host: '127.0.0.1', port } }, ctx));
}

/** The API server with every part of ours. */
export function makeApiServer(config: ApiserverConfig, store: Store, secrets: ServerSecrets, ctx: Context): ApiServer {
  const { tokens } = secrets;
  const dialer = oneDialer(config, secrets, ctx);
  const catalog = new Catalog(builtinKinds);
  const metrics = apiServerMetrics(catalog, ctx.clock);
  return createApiServer({
    store,
    version: kubernetesVersion,
    limits: config.limits,
    bodyWorker: bodyWorker(),
    catalog,
    authenticators: authenticators(tokens),
    authorizers,
    admission: admissionPlugins(allocationRanges(config)),
    subresources: (core) => builtinSubresources({ dialer: dialer(core), tokens }),
    virtual: (core) => accessReviews(core, tokens),
    audit: metrics.observe,
    documents: (core) => ({ ...openIdDocuments(tokens), ...metrics.documents(core) }),
  });
}
