import { Forms, kindsProtobuf, LargeBodies, ThreadJobs } from '@kubernest/apiserver/codec';
import type {
  ApiCore,
  ApiRequest,
  ApiResponse,
  ApiServer,
  ApiServerParts,
  Catalog,
  CatalogChange,
  RequestLimits,
  UserInfo,
} from '@kubernest/apiserver/contract';
import {
  AdmissionChain,
  Endings,
  type Engine,
  Judge,
  objectReader,
  objectWriter,
  PastEntries,
  Resources,
  Versions,
  Views,
  WatchCache,
  WatchHub,
} from '@kubernest/apiserver/storage';
import { metaSchema } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import { unavailable } from '@kubernest/meta';
import { statusResponse } from './answers/responses.ts';
import { Pipeline } from './pipeline.ts';
import { authenticateWith } from './stages/authenticate.ts';
import { authorizeWith } from './stages/authorize.ts';
import { MaxInFlight } from './stages/max-in-flight.ts';
import { Registry } from './verbs/registry.ts';

/** 32 MB are some 8,000 changes of pods: two seconds of all that one server can write, minutes of a usual day. */
const HISTORY = { events: 10_000, bytes: 32 * 1024 * 1024 };
const LIMITS: RequestLimits = { readOnlyInFlight: 400, mutatingInFlight: 200, timeout: 60_000 };
const BOOKMARK_EVERY_MS = 60_000;
const WATCH_EVENTS = {
  name: 'apiserver_watch_events_total',
  help: 'Number of events sent in watch clients.',
  labels: ['group', 'version', 'resource'],
};

/** Composes an API server. Nothing is read or written before `start`. */
export function createApiServer(parts: ApiServerParts): ApiServer {
  return new Server(parts);
}

class Server implements ApiServer {
  readonly name = 'apiserver';
  readonly core: ApiCore;
  readonly #engine: Engine & { cache: WatchCache; judge: Judge };
  readonly #admission: AdmissionChain;
  readonly #limits: RequestLimits;
  readonly #maxInFlight: MaxInFlight;
  readonly #leave: () => void;
  #pipeline: Pipeline | undefined;

  constructor(private readonly parts: ApiServerParts) {
    this.#limits = { ...LIMITS, ...parts.limits };
    this.#maxInFlight = new MaxInFlight(this.#limits);
    const versions = new Versions();
    const views = new Views();
    let authorize: ApiCore['authorize'] = () => ({ verdict: 'no-opinion', reason: '' });
    this.#engine = {
      store: parts.store,
      versions,
      views,
      hub: new WatchHub(views),
      endings: new Endings(),
      resources: new Resources(parts.catalog.current),
      cache: undefined as unknown as WatchCache,
      watchEvents: parts.metrics?.counter(WATCH_EVENTS),
      past: new PastEntries(parts.store, versions),
      judge: undefined as unknown as Judge,
      authorize: (attributes, ctx) => authorize(attributes, ctx),
    };
    this.#engine.cache = new WatchCache({ store: parts.store, versions, history: { ...HISTORY, ...parts.history } });
    const read = objectReader(this.#engine);
    let authorizers: ReturnType<ApiServerParts['authorizers']> = [];
    let authenticate: ApiCore['authenticate'] = () => undefined;
    this.core = {
      read,
      write: objectWriter(this.#engine, () => this.#admission),
      store: parts.store,
      authorize: this.#engine.authorize,
      rulesFor: (user: UserInfo, namespace: string) =>
        authorizers.flatMap((authorizer) => [...(authorizer.rulesFor?.(user, namespace) ?? [])]),
      authenticate: (request, ctx) => authenticate(request, ctx),
      inFlight: (now) => this.#maxInFlight.peak(now),
    };
    authorizers = parts.authorizers(this.core);
    authorize = authorizeWith(authorizers);
    authenticate = authenticateWith(parts.authenticators(this.core));
    this.#admission = new AdmissionChain(parts.admission(this.core), read, parts.metrics);
    this.#leave = parts.catalog.onChange((change) => this.#follow(change));
  }

  #follow(change: CatalogChange): void {
    const { cache, hub, resources, views } = this.#engine;
    const gone = resources.follow(change);
    cache.flush();
    if (gone.length === 0) return;
    views.drop(gone);
    hub.close(gone);
  }

  async start(ctx: Context): Promise<{ readonly done: Promise<void> }> {
    const { cache, hub } = this.#engine;
    cache.onFlush = (prefix, events, over) => hub.publish({ prefix, events, over }, ctx);
    cache.onReset = () => hub.expireAll();
    const { done } = await cache.start(ctx);
    this.#pipeline = this.#compose(ctx);
    return { done: Promise.all([done, this.#bookmarks(ctx)]).then(this.#leave) };
  }

  #compose(ctx: Context): Pipeline {
    const { parts, core } = this;
    const jobs = new ThreadJobs(parts.bodyWorker, ctx);
    this.#engine.judge = new Judge(jobs);
    const forms = new Forms(ctx.clock, parts.protobuf ?? kindsProtobuf);
    const registry = new Registry({
      engine: this.#engine,
      admission: this.#admission,
      forms,
      deleteOptionsSchema: metaSchema('DeleteOptions'),
      largeBodies: new LargeBodies(jobs),
    });
    return new Pipeline({
      parts,
      core,
      maxInFlight: this.#maxInFlight,
      timeout: this.#limits.timeout,
      engine: this.#engine,
      serving: ctx.signal,
      registry,
      forms,
      admission: this.#admission,
      subresources: parts.subresources(core),
      virtual: parts.virtual(core),
      documents: parts.documents?.(core) ?? {},
      delegate: parts.delegate?.(core),
    });
  }

  /** Tells watchers now and then how far they have come. Nobody watching means nothing to do but to look. */
  async #bookmarks(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      await ctx.clock.sleep(BOOKMARK_EVERY_MS, ctx.signal).catch(() => {});
      if (ctx.signal.aborted) return;
      // What is large may not have been handed on yet, and a bookmark says that it has.
      this.#engine.cache.flush();
      this.#engine.hub.bookmarkAll(this.#engine.cache.revision);
    }
  }

  get catalog(): Catalog {
    return this.parts.catalog;
  }

  handle(request: ApiRequest, ctx: Context): Promise<ApiResponse> {
    if (this.#pipeline) return this.#pipeline.handle(request, ctx);
    return Promise.resolve(statusResponse(request, unavailable('the API server is starting')));
  }
}
