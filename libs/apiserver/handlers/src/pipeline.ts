import type { Forms } from '@kubernest/apiserver/codec';
import {
  type AnswerTaker,
  type ApiCore,
  type ApiRequest,
  type ApiResponse,
  type ApiServerParts,
  type Delegate,
  isLongRunning,
  jsonResponse,
  mustBeAllowed,
  type RequestInfo,
  type Subresource,
  type UserInfo,
  type VirtualResource,
} from '@kubernest/apiserver/contract';
import type { AdmissionChain, Engine } from '@kubernest/apiserver/storage';
import { noOtherApis, OpenApiDocuments, type SubresourceInfo } from '@kubernest/definitions';
import type { Context, Milliseconds } from '@kubernest/kit';
import { pageNotFound, statusErrorFrom, statusResponse, takerOf, withWarnings } from './answers/responses.ts';
import { DiscoveryDocuments } from './endpoints/discovery-documents.ts';
import { discover } from './endpoints/discovery-routes.ts';
import { type HealthCheck, healthChecks } from './endpoints/health-checks.ts';
import { checkHealth, healthPaths } from './endpoints/health-routes.ts';
import { describeApi } from './endpoints/openapi-routes.ts';
import type { Admitted } from './requests/request-call.ts';
import { parseRequestInfo } from './requests/request-info.ts';
import { ResourceRoutes } from './routes/resource-routes.ts';
import { AnswerSizes } from './stages/answer-sizes.ts';
import { identify } from './stages/authenticate.ts';
import { timeoutOf, withinDeadline } from './stages/deadline.ts';
import { Impersonations } from './stages/impersonate.ts';
import { type MaxInFlight, type Place, TooManyInFlight } from './stages/max-in-flight.ts';
import { refuseOtherSites } from './stages/other-sites.ts';
import { RunningRequests } from './stages/running-requests.ts';
import type { Registry } from './verbs/registry.ts';

export interface PipelineParts {
  readonly parts: ApiServerParts;
  readonly core: ApiCore;
  readonly maxInFlight: MaxInFlight;
  /** The longest that a request may take that is not meant to last. */
  readonly timeout: Milliseconds;
  readonly engine: Engine;
  /** Aborted when the server begins to stop. */
  readonly serving: AbortSignal;
  readonly registry: Registry;
  readonly forms: Forms;
  readonly admission: AdmissionChain;
  readonly subresources: readonly Subresource[];
  readonly virtual: readonly VirtualResource[];
  readonly documents: Readonly<
    Record<string, (request: ApiRequest, ctx: Context) => Promise<ApiResponse> | ApiResponse>
  >;
  readonly delegate?: Delegate | undefined;
}

/** A request on its way, and what has become known of it. */
interface Passage {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly receivedAt: Date;
  sender?: UserInfo;
  user?: UserInfo;
  routed: boolean;
  terminated: boolean;
  annotations?: Record<string, string>;
}

/** A request's way: who is it, may it enter, may it do this, what does it mean. Each station is a file of its own. */
export class Pipeline {
  readonly #resources: ResourceRoutes;
  readonly #discovery: DiscoveryDocuments;
  readonly #openApi: OpenApiDocuments;
  readonly #checks: readonly HealthCheck[];
  readonly #impersonations: Impersonations;
  readonly #running: RunningRequests;
  readonly #sizes: AnswerSizes;

  constructor(private readonly with_: PipelineParts) {
    this.#resources = new ResourceRoutes(with_);
    const { catalog, findBodyType, version } = with_.parts;
    const described = {
      definitions: () => catalog.current.definitions,
      subresources: namedOf(with_.subresources),
      others: () => with_.delegate?.apis() ?? noOtherApis,
    };
    this.#discovery = new DiscoveryDocuments(described);
    this.#openApi = new OpenApiDocuments({
      ...described,
      findBodyType,
      version: version.gitVersion,
      documents: Object.keys(with_.documents),
    });
    this.#checks = healthChecks(with_.engine.cache.freshness, with_.serving);
    this.#impersonations = new Impersonations(with_.core.authorize);
    this.#running = new RunningRequests(with_.parts.metrics);
    this.#sizes = new AnswerSizes(with_.parts.metrics);
  }

  async handle(request: ApiRequest, ctx: Context): Promise<ApiResponse> {
    const info = parseRequestInfo(request);
    const passage: Passage = { request, info, receivedAt: ctx.clock.now(), routed: false, terminated: false };
    let response: ApiResponse;
    try {
      response = await this.#inTime(passage, ctx);
    } catch (thrown) {
      response = this.#refusal(passage, thrown, ctx);
    }
    const { user, sender } = passage;
    this.with_.parts.audit?.({
      user: user ?? { username: '', groups: [] },
      ...(sender && sender !== user ? { impersonatedBy: sender } : {}),
      info,
      userAgent: request.headers['user-agent'] ?? '',
      sourceAddress: request.peer.address,
      receivedAt: passage.receivedAt,
      code: 'status' in response ? response.status : 101,
      routed: passage.routed,
      terminated: passage.terminated,
      dryRun: request.method !== 'GET' && request.query.has('dryRun'),
      applies: info.verb === 'patch' && request.headers['content-type']?.startsWith(APPLY) === true,
      ...(passage.annotations && { annotations: passage.annotations }),
    });
    return this.#running.follow(request, info, this.#sizes.follow(passage, response));
  }

  #inTime(passage: Passage, ctx: Context): Promise<ApiResponse> {
    const { info, request } = passage;
    if (isLongRunning(info)) return this.#answer(passage, ctx);
    const limit = timeoutOf(request.query, this.with_.timeout);
    const work = (within: Context) => this.#answer(passage, within);
    const onPassed = () => {
      passage.terminated = true;
    };
    return withinDeadline(work, { limit, onPassed, takerOf: (answer) => takerOf(request, answer) }, ctx);
  }

  /** The stages in their order. Never rejects: what fails after the deadline is nobody's answer, but still a fault to be logged. */
  async #answer(passage: Passage, ctx: Context): Promise<ApiResponse> {
    const { request, info } = passage;
    const { authenticate, authorize } = this.with_.core;
    const warnings: string[] = [];
    let place: Place | undefined;
    let taker: AnswerTaker | undefined;
    try {
      const sender = await identify(request, authenticate, ctx);
      passage.sender = sender;
      refuseOtherSites(request);
      const acting = this.#impersonations.user(request, { sender, info }, ctx);
      const user = acting instanceof Promise ? await acting : acting;
      passage.user = user;
      const { controlPlane = false } = request.peer;
      place = this.with_.maxInFlight.enter({ user, info, controlPlane, receivedAt: passage.receivedAt });
      await mustBeAllowed(user, info, authorize, ctx);
      passage.routed = true;
      const admitted = { request, info, user, warnings, annotate: annotator(passage) };
      const delegated = this.with_.delegate?.handle(admitted, ctx);
      if (delegated) {
        place.leave(undefined, ctx.clock.now());
        place = undefined;
      }
      const response = withWarnings(await (delegated ?? this.#route(admitted, ctx)), warnings);
      taker = takerOf(request, response);
      return response;
    } catch (thrown) {
      // Who is refused is told the rest as well.
      return withWarnings(this.#refusal(passage, thrown, ctx), warnings);
    } finally {
      place?.leave(taker, ctx.clock.now());
    }
  }

  #refusal(passage: Passage, thrown: unknown, ctx: Context): ApiResponse {
    const { method, path } = passage.request;
    if (thrown instanceof TooManyInFlight) passage.terminated = true;
    const error = statusErrorFrom(thrown);
    if (error.code === 500 && error.reason !== '') ctx.log.error('request failed', { method, path, error: thrown });
    return statusResponse(passage.request, error, this.with_.forms);
  }

  #route(admitted: Admitted, ctx: Context): Promise<ApiResponse> {
    return admitted.info.isResource ? this.#resources.handle(admitted, ctx) : this.#document(admitted, ctx);
  }

  async #document({ request }: Admitted, ctx: Context): Promise<ApiResponse> {
    const { path } = request;
    const own = this.#ownDocument(path);
    if (own) return own(request, ctx);
    if (path === '/' || path === '/index.html') return jsonResponse(200, { paths: this.#paths() });
    if (path === '/version' || path === '/version/') return jsonResponse(200, versionDocument(this.with_.parts));
    const answer =
      (await discover(this.#discovery, request)) ??
      (await checkHealth(this.#checks, request, ctx)) ??
      (await describeApi(this.#openApi, request));
    return answer ?? pageNotFound(request);
  }

  /** Every path that answers by itself, for those who look around. */
  #paths(): readonly string[] {
    const { documents } = this.with_;
    const own = Object.keys(documents).filter((path) => !path.endsWith('/'));
    const served = [...this.with_.parts.catalog.current.definitions, ...(this.with_.delegate?.apis().versions ?? [])];
    const api = served.flatMap(({ group, version }) => pathsOf(group, version));
    return [...new Set([...fixedPaths, ...healthPaths(this.#checks), ...api, ...own])].sort();
  }

  #ownDocument(path: string) {
    const { documents } = this.with_;
    const exact = documents[path];
    if (exact) return exact;
    const prefix = Object.keys(documents).find((key) => key.endsWith('/') && path.startsWith(key));
    return prefix === undefined ? undefined : documents[prefix];
  }
}

/** What was said first of a key stands. */
const annotator =
  (passage: Passage) =>
  (key: string, value: string): void => {
    passage.annotations ??= {};
    if (!Object.hasOwn(passage.annotations, key)) passage.annotations[key] = value;
  };

const APPLY = 'application/apply-patch+yaml';

/** Those that no definition implies. */
const namedOf = (subresources: readonly Subresource[]): readonly SubresourceInfo[] =>
  subresources.flatMap(({ of, name, verbs, body, options }) =>
    typeof of === 'function' ? [] : [{ of, name, verbs, ...(body && { body }), ...(options && { options }) }],
  );

const fixedPaths = ['/api', '/apis', '/openapi/v2', '/openapi/v3', '/version'];

const pathsOf = (group: string, version: string): readonly string[] =>
  group === ''
    ? [`/api/${version}`, `/openapi/v3/api/${version}`]
    : [`/apis/${group}`, `/apis/${group}/${version}`, `/openapi/v3/apis/${group}/${version}`];

function versionDocument({ version }: ApiServerParts): object {
  return {
    ...version,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'node',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}
