import type { Authorizer } from '@kubernest/apiserver/contract';
import type { Counter } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import type { PastEntries } from './cache/past-entries.ts';
import type { ResourceCache } from './cache/resource-cache.ts';
import type { ResourceVersions } from './cache/resource-versions.ts';
import type { WatchCache } from './cache/watch-cache.ts';
import type { Resource } from './catalog/resource.ts';
import type { Resources } from './catalog/resources.ts';
import type { Views } from './views/views.ts';
import type { Endings } from './watch/endings.ts';
import type { WatchHub } from './watch/watch-hub.ts';
import type { AdmissionChain } from './write/admission-chain.ts';
import type { Judge } from './write/judge.ts';

/** What reads and watches work with. One per API server. */
export interface Engine {
  readonly store: Store;
  readonly versions: ResourceVersions;
  readonly cache: WatchCache;
  readonly past: PastEntries;
  readonly views: Views;
  readonly hub: WatchHub;
  readonly endings: Endings;
  readonly resources: Resources;
  /** What watches were sent, by group, version and resource; absent: nobody counts. */
  readonly watchEvents?: Counter | undefined;
}

/** What writes work with besides. */
export interface WriteEngine extends Engine {
  readonly admission: AdmissionChain;
  readonly judge: Judge;
  /** For what a write needs beyond its own verb: to create, where an update or an apply does. */
  readonly authorize: Authorizer['authorize'];
}

export const cacheOf = (engine: Engine, resource: Resource): ResourceCache => engine.cache.of(resource.prefix);
