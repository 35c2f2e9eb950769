import { existsSync } from 'node:fs';
import { accessReviews, openIdDocuments } from '@kubernest/apiserver/access';
import { admissionPlugins } from '@kubernest/apiserver/admission';
import { authenticators } from '@kubernest/apiserver/authn';
import { authorizers } from '@kubernest/apiserver/authz';
import { type ApiServer, type BodyWorker, Catalog } from '@kubernest/apiserver/contract';
import { createApiServer } from '@kubernest/apiserver/handlers';
import { apiServerMetrics } from '@kubernest/apiserver/metrics';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { bodyTypes, builtinKinds, findBodyType } from '@kubernest/kinds';
import { type Context, kubernetesVersion, type Metrics } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import type { Aggregating } from './aggregating.ts';
import { allocationRanges } from './allocations.ts';
import type { ApiserverConfig } from './apiserver.config.ts';
import type { DialerOf } from './dialing.ts';
import type { ServerSecrets } from './secrets.ts';

/** Beside the program in a bundle; from source, which no thread can be started from, there is none. */
function bodyWorker(): BodyWorker | undefined {
  const [name, here] = ['./body-worker.js', import.meta.url];
  const program = new URL(name, here);
  return existsSync(program) ? { program, knows: [...builtinKinds, ...bodyTypes] } : undefined;
}

export interface ApiServerOptions {
  readonly config: ApiserverConfig;
  readonly store: Store;
  readonly secrets: ServerSecrets;
  readonly dialer: DialerOf;
  readonly metrics: Metrics;
  readonly aggregating: Aggregating;
}

/** The API server with every part of ours. */
export function makeApiServer(options: ApiServerOptions, { clock }: Context): ApiServer {
  const { config, store, dialer, aggregating } = options;
  const { tokens } = options.secrets;
  const catalog = new Catalog(builtinKinds);
  const metrics = apiServerMetrics({ serving: catalog, clock, process: options.metrics });
  return createApiServer({
    store,
    version: kubernetesVersion,
    limits: config.limits,
    bodyWorker: bodyWorker(),
    catalog,
    findBodyType,
    authenticators: authenticators(tokens, options.metrics),
    authorizers,
    admission: admissionPlugins(allocationRanges(config)),
    subresources: (core) => builtinSubresources({ dialer: dialer(core), tokens }),
    virtual: (core) => accessReviews(core, tokens),
    delegate: (core) => aggregating.aggregation(core),
    audit: metrics.observe,
    metrics: options.metrics,
    documents: (core) => ({ ...openIdDocuments(tokens), ...metrics.documents(core) }),
  });
}
