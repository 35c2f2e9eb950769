import type { IncomingMessage } from 'node:http';
import {
  type ApiRequest,
  type ApiResponse,
  type Delegated,
  isLongRunning,
  noSuchPath,
  type RequestInfo,
  textResponse,
} from '@kubernest/apiserver/contract';
import { whileClientListens } from '@kubernest/apiserver/dialer';
import type { Context } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { auditIdOf, passOn, type ReturnedLines, returnedHeaders } from '@kubernest/streams';
import type { Backend } from '../backend.ts';
import type { Reach } from '../backend-call.ts';
import type { Backends } from '../backends.ts';
import { objectAnswer, objectWatch } from './object-answer.ts';
import { connectionTo, type Onward, sendOnward, serviceUnavailable, upgradeOnward } from './onward-request.ts';
import { meansTheSame } from './same-meaning.ts';

/** As many as may change something here at once. One backend that hangs keeps no more than its own clients waiting. */
const MOST_IN_FLIGHT = 200;
/** Says who may read across origins: the backend does not speak for the API server's. */
const crossOrigin = ['credentials', 'headers', 'methods', 'origin'].map((what) => `access-control-allow-${what}`);

/** compat: in Kubernetes' words. */
const REDIRECT_REFUSED = 'the backend attempted to redirect this request, which is not permitted';

/** A client would follow it with what it proves to be, wherever a backend leads it. */
const redirects = ({ statusCode = 0, headers }: IncomingMessage): boolean =>
  statusCode >= 300 && statusCode <= 399 && !!headers.location;

/** Hands the requests of group-versions of other servers on to them. */
export class Delegation {
  /** By APIService. Those meant to last are not counted. */
  readonly #inFlight = new Map<string, number>();

  constructor(
    private readonly backends: Backends,
    private readonly reach: Reach,
  ) {}

  /** Undefined where it is this server's own. */
  handle({ request, info, user }: Delegated, ctx: Context): Promise<ApiResponse> | undefined {
    const backend = info.isResource ? this.backends.find(info.group, info.version) : this.#documented(info.path);
    if (!backend) return undefined;
    if (!meansTheSame(info)) return Promise.reject(noSuchPath());
    const onward = { backend, request, user, auditId: auditIdOf(request.http ?? request) };
    return (isLongRunning(info) ? this.#pass(onward, info, ctx) : this.#inPlace(onward, info, ctx)).catch((error) =>
      asText(request, error),
    );
  }

  /** `/apis/<group>/<version>` says what is in it. */
  #documented(path: string): Backend | undefined {
    const [, group, version] = /^\/apis\/([^/]+)\/([^/]+)\/*$/.exec(path) ?? [];
    return group === undefined || version === undefined ? undefined : this.backends.find(group, version);
  }

  async #inPlace(onward: Onward, info: RequestInfo, ctx: Context): Promise<ApiResponse> {
    const { name } = onward.backend;
    const before = this.#inFlight.get(name) ?? 0;
    if (before >= MOST_IN_FLIGHT)
      throw new StatusError(429, 'TooManyRequests', `too many requests to ${name}, please try again later`, {
        retryAfterSeconds: 1,
      });
    this.#inFlight.set(name, before + 1);
    try {
      return await this.#pass(onward, info, ctx);
    } finally {
      const left = this.#inFlight.get(name)! - 1;
      if (left > 0) this.#inFlight.set(name, left);
      else this.#inFlight.delete(name);
    }
  }

  async #pass(onward: Onward, { verb }: RequestInfo, ctx: Context): Promise<ApiResponse> {
    const { backend, request } = onward;
    if (!backend.isAvailable) throw serviceUnavailable();
    const connection = await connectionTo(backend, this.reach);
    if (request.upgrade) {
      upgradeOnward({ ...onward, request: { ...request, upgrade: request.upgrade } }, connection, ctx);
      return { kind: 'upgraded' };
    }
    const answer = await whileClientListens(request.http, (own) => sendOnward(onward, connection, own), ctx);
    if (redirects(answer)) {
      answer.destroy();
      throw new StatusError(502, 'BadGateway', REDIRECT_REFUSED);
    }
    if (request.wantsObjects)
      return verb === 'watch' && answer.statusCode === 200 ? objectWatch(answer) : objectAnswer(answer);
    const headers: ReturnedLines = { 'audit-id': onward.auditId, ...returnedHeaders(answer) };
    for (const name of crossOrigin) delete headers[name];
    return passOn(answer, headers);
  }
}

/** compat: what has no answer of the backend's is told as a text, as Kubernetes does. */
function asText({ wantsObjects }: ApiRequest, error: unknown): ApiResponse {
  if (wantsObjects || !(error instanceof StatusError)) throw error;
  if (error.code === 502) return textResponse(502, error.message);
  if (error.code !== 503) throw error;
  return textResponse(503, `${error.message}\n`);
}
