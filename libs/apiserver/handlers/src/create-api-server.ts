import { Forms, kindsProtobuf, LargeBodies, ThreadTasks } from '@kubernest/apiserver/codec';
import type {
  ApiCore,
  ApiRequest,
  ApiResponse,
  ApiServer,
  ApiServerParts,
  Catalog,
  RequestLimits,
  Security,
  StoredObjects,
} from '@kubernest/apiserver/contract';
import {
  AdmissionChain,
  createEngine,
  followCatalog,
  Judge,
  objectReader,
  objectWriter,
  startEngine,
  type WriteEngine,
} from '@kubernest/apiserver/storage';
import type { Context } from '@kubernest/kit';
import { unavailable } from '@kubernest/meta';
import { Answers } from './answers/answers.ts';
import { statusResponse } from './answers/responses.ts';
import { Documents } from './endpoints/documents.ts';
import { Pipeline } from './pipeline.ts';
import { RequestBodies } from './requests/request-bodies.ts';
import { ResourceRoutes } from './routes/resource-routes.ts';
import { authenticateWith } from './stages/authenticate.ts';
import { authorizeWith } from './stages/authorize.ts';
import { MaxInFlight } from './stages/max-in-flight.ts';

const LIMITS: RequestLimits = { readOnlyInFlight: 400, mutatingInFlight: 200, timeout: 60_000 };

/** Composes an API server, each part of those before it. Nothing is read or written before `start`. */
export function createApiServer(parts: ApiServerParts): ApiServer {
  return new Server(parts);
}

class Server implements ApiServer {
  readonly name = 'apiserver';
  readonly catalog: Catalog;
  readonly core: ApiCore;
  readonly #limits: RequestLimits;
  readonly #maxInFlight: MaxInFlight;
  readonly #tasks: ThreadTasks;
  readonly #engine: WriteEngine;
  readonly #leaveCatalog: () => void;
  #pipeline: Pipeline | undefined;

  constructor(private readonly parts: ApiServerParts) {
    this.catalog = parts.catalog;
    this.#limits = { ...LIMITS, ...parts.limits };
    this.#maxInFlight = new MaxInFlight(this.#limits);
    this.#tasks = new ThreadTasks(parts.bodyWorker);
    const engine = createEngine(parts);
    const objects: StoredObjects = { read: objectReader(engine), store: parts.store };
    const security = securityOf(parts, objects);
    const admission = new AdmissionChain(parts.admission({ ...objects, ...security }), objects.read, parts.metrics);
    this.#engine = { ...engine, admission, judge: new Judge(this.#tasks), authorize: security.authorize };
    this.core = {
      ...objects,
      ...security,
      write: objectWriter(this.#engine),
      inFlight: (now) => this.#maxInFlight.peak(now),
    };
    this.#leaveCatalog = parts.catalog.onChange((change) => followCatalog(engine, change));
  }

  async start(ctx: Context): Promise<{ readonly done: Promise<void> }> {
    const { done } = await startEngine(this.#engine, ctx);
    this.#pipeline = this.#compose(ctx);
    const stop = (): void => {
      this.#leaveCatalog();
      this.#tasks.close();
    };
    return { done: done.then(stop) };
  }

  #compose(ctx: Context): Pipeline {
    const { catalog, core, parts } = this;
    const engine = this.#engine;
    const forms = new Forms(ctx.clock, parts.protobuf ?? kindsProtobuf);
    const verbParts = {
      engine,
      answers: new Answers(forms),
      bodies: new RequestBodies(new LargeBodies(this.#tasks), forms.protobuf),
    };
    const subresources = parts.subresources(core);
    const delegate = parts.delegate?.(core);
    const resources = new ResourceRoutes({ ...verbParts, catalog, subresources, virtual: parts.virtual(core), core });
    const documents = new Documents({
      catalog,
      subresources,
      delegate,
      findBodyType: parts.findBodyType,
      version: parts.version,
      others: parts.documents?.(core) ?? {},
      freshness: engine.cache.freshness,
      serving: ctx.signal,
    });
    const { authenticate, authorize } = core;
    const { audit, metrics } = parts;
    return new Pipeline({
      authenticate,
      audit,
      metrics,
      maxInFlight: this.#maxInFlight,
      authorize,
      delegate,
      resources,
      documents,
      timeout: this.#limits.timeout,
      forms,
    });
  }

  handle(request: ApiRequest, ctx: Context): Promise<ApiResponse> {
    if (this.#pipeline) return this.#pipeline.handle(request, ctx);
    return Promise.resolve(statusResponse(request, unavailable('the API server is starting')));
  }
}

function securityOf(parts: Pick<ApiServerParts, 'authorizers' | 'authenticators'>, objects: StoredObjects): Security {
  const authorizers = parts.authorizers(objects);
  return {
    authorize: authorizeWith(authorizers),
    rulesFor: (user, namespace) => authorizers.flatMap((each) => [...(each.rulesFor?.(user, namespace) ?? [])]),
    authenticate: authenticateWith(parts.authenticators(objects)),
  };
}
