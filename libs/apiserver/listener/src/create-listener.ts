import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { AnswerTaker, ApiRequest, ApiServer, Peer } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { readableQuery, turnsOfTheProcess } from '@kubernest/meta';
import { type Authorities, authorizeByUsage } from '@kubernest/pki';
import { answerUpgrade, KEEP_ALIVE } from '@kubernest/streams';
import { Connections } from './connections.ts';
import { isUnder } from './is-under.ts';
import { peerOf } from './peer-of.ts';
import { bringsBody, readBody } from './read-body.ts';
import { refusePlainHttp } from './refuse-plain-http.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { RequestContexts, type RequestScope } from './request-contexts.ts';
import { refusalOf, refuse, toOriginForm } from './request-line.ts';
import { watchOverWebSocket } from './watch-socket.ts';
import { type WriteOptions, writeResponse } from './write-response.ts';

const SLOW_WATCHER_BYTES = 16 * 1024 * 1024;
const KEEP_ALIVE_MS = 120_000;
/** As in Kubernetes. */
const HEAD_WITHIN_MS = 32_000;
const REST_OF_BODY_WITHIN_MS = 30_000;
/** A page sends no more than a form. */
const BODY_BESIDE_WITHIN_MS = 30_000;

export interface ListenerOptions {
  /** Absent: plain HTTP, for tests. `clientCa` is whose client certificates are believed. */
  readonly tls?: {
    readonly key: string | Buffer;
    readonly cert: string | Buffer;
    readonly clientCa?: Authorities;
    /** Whose client certificates say who may ask for others, and prove nothing else. */
    readonly frontProxyCa?: Authorities;
  };
  readonly handler: ApiServer;
  /** What is served beside the API, and the only paths that are not the handler's. */
  readonly beside?: Beside;
  readonly slowWatcherBytes?: number;
}

/** Somebody else's paths. They are asked before anybody knows who sends the request; its body must be there in half a minute. */
export interface Beside {
  /** `/ui`, and all below it. */
  readonly path: string;
  readonly onRequest: RequestListener;
  /** Connections may be upgraded at what begins so, and nowhere else below `path`. Ends in a slash. */
  readonly upgradePath: string;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface Listener {
  /** Not listening yet. */
  readonly server: Server;
  /** New connections are served with another certificate; those that are open stay. Only with `tls`. */
  renew(serving: { readonly key: string | Buffer; readonly cert: string | Buffer }): void;
  /** Ends every watch and stream, so that `server.close()` comes to an end. Requests under way are answered. */
  drain(): void;
}

/** The API server's HTTP side: raw `node:https`, no framework in the way of a request. */
export function createListener(options: ListenerOptions, ctx: Context): Listener {
  const contexts = new RequestContexts(ctx);
  const serve = new Serve(options, contexts);
  const { beside } = options;
  const onRequest: RequestListener = (request, response) => {
    toOriginForm(request);
    const refusal = refusalOf(request);
    if (refusal) return refuse(response, refusal);
    if (bringsBody(request)) limitRest(request, response, ctx);
    if (!beside || !isUnder(beside.path, request.url ?? '')) return serve.request(request, response);
    if (bringsBody(request)) limitBody(request, ctx);
    beside.onRequest(request, response);
  };
  const connections = new Connections(onRequest, turnsOfTheProcess);
  const server = open(options, connections.begin);
  if (options.tls) refusePlainHttp(server);
  connections.follow(server, options.tls ? 'secureConnection' : 'connection');
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEAD_WITHIN_MS;
  // A body through a proxy takes as long as it takes; any other has its request's deadline, or that of `beside`.
  server.requestTimeout = 0;
  server.on('upgrade', (request, socket, first) => {
    const head = connections.leave(socket, first);
    socket.on('error', () => socket.destroy());
    toOriginForm(request);
    const upgrade = (): void => {
      if (socket.destroyed) return;
      const refusal = refusalOf(request);
      if (refusal) return answerUpgrade(request, socket, { ...refusal, body: Buffer.from(refusal.body) });
      if (beside && request.url?.startsWith(beside.upgradePath)) beside.onUpgrade(request, socket, head);
      else serve.upgrade(request, socket, head);
    };
    if (turnsOfTheProcess.isOver()) turnsOfTheProcess.later(upgrade);
    else upgrade();
  });
  return {
    server,
    drain: () => contexts.abortAll(),
    renew: (serving) =>
      (server as Partial<HttpsServer>).setSecureContext?.(secureContext({ ...options.tls, ...serving })),
  };
}

/** What is left of a body after its answer is read on and dropped, but not for ever. */
function limitRest(request: IncomingMessage, response: ServerResponse, { clock }: Pick<Context, 'clock'>): void {
  response.once('finish', () => {
    if (request.complete) return;
    const cancel = clock.after(REST_OF_BODY_WITHIN_MS, () => request.socket.destroy());
    request.once('close', cancel);
  });
}

/** Nobody knows yet who sends it, and who serves it has no deadline. */
function limitBody(request: IncomingMessage, { clock }: Pick<Context, 'clock'>): void {
  const cancel = clock.after(BODY_BESIDE_WITHIN_MS, () => request.socket.destroy());
  request.once('end', cancel);
  request.once('close', cancel);
}

function open({ tls }: ListenerOptions, onRequest: RequestListener): Server {
  const shared = {
    ...KEEP_ALIVE,
    // Only what somebody here can take over; `Upgrade: h2c` and the like are ordinary requests, and so is what brings a body.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      /websocket|spdy/i.test(request.headers.upgrade ?? '') && !bringsBody(request),
    allowHalfOpen: true,
  };
  const server = tls
    ? createHttps(
        {
          ...shared,
          ...secureContext(tls),
          requestCert: tls.clientCa !== undefined,
          rejectUnauthorized: false,
        },
        onRequest,
      )
    : createHttp(shared, onRequest);
  const authorities = tls && authoritiesOf(tls);
  if (authorities?.length) server.on('secureConnection', (socket: TLSSocket) => authorizeByUsage(socket, authorities));
  // A client that has said all it has to say still gets its answer.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  return server as Server;
}

function secureContext({ key, cert, ...tls }: NonNullable<ListenerOptions['tls']>): SecureContextOptions {
  const ca = authoritiesOf(tls);
  return { key, cert, ...(ca.length > 0 ? { ca: ca as Buffer[] } : {}), minVersion: 'TLSv1.2' };
}

const authoritiesOf = ({
  clientCa = [],
  frontProxyCa = [],
}: Pick<NonNullable<ListenerOptions['tls']>, 'clientCa' | 'frontProxyCa'>) => [clientCa, frontProxyCa].flat();

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

class Serve {
  readonly #limits: WriteOptions;

  constructor(
    private readonly options: ListenerOptions,
    private readonly contexts: RequestContexts,
  ) {
    this.#limits = { slowWatcherBytes: options.slowWatcherBytes ?? SLOW_WATCHER_BYTES };
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    const scope = this.contexts.open(response);
    response.on('close', scope.close);
    const over = () => scope.over();
    this.#answer({ request, response }, scope).then(over, (error: unknown) => {
      if (!response.destroyed && !scope.signal.aborted)
        scope.log.error('answer broke off', { path: request.url, error });
      response.destroy();
    });
  }

  async #answer({ request, response }: Exchange, scope: RequestScope): Promise<void> {
    const answer = await this.options.handler.handle(this.#asked(request, scope), scope);
    if (answer.kind === 'watch' || answer.kind === 'stream') {
      // A stream to somebody who has hung up would otherwise live until its next write.
      const { socket } = request;
      const onEnd = () => response.destroy();
      socket.once('end', onEnd);
      // The connection outlives what it carries, one after the other.
      response.once('close', () => socket.off('end', onEnd));
    }
    return writeResponse({ request, response }, answer, this.#limits, scope);
  }

  #asked(request: IncomingMessage, taker?: AnswerTaker): ApiRequest {
    return toApiRequest(request, peerOf(request.socket, this.options.tls?.frontProxyCa), taker);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const scope = this.contexts.open(socket);
    socket.on('close', scope.close);
    const upgrade = { request, socket, head };
    this.options.handler
      .handle({ ...this.#asked(request), upgrade }, scope)
      .then((answer) =>
        answer.kind === 'watch'
          ? watchOverWebSocket(upgrade, answer, this.#limits, scope)
          : refuseUpgrade(request, socket, answer),
      )
      .catch(() => socket.destroy());
  }
}

function toApiRequest(request: IncomingMessage, peer: Peer, taker?: AnswerTaker): ApiRequest {
  const url = request.url ?? '/';
  const question = url.indexOf('?');
  let body: Promise<Uint8Array> | undefined;
  return {
    method: request.method ?? 'GET',
    path: question < 0 ? url : url.slice(0, question),
    query: question < 0 ? NO_QUERY : new URLSearchParams(readableQuery(url.slice(question + 1))),
    search: question < 0 ? '' : url.slice(question),
    headers: request.headers as Record<string, string | undefined>,
    peer,
    body: () => (body ??= readBody(request)),
    http: request,
    taker,
  };
}

const NO_QUERY = Object.freeze(new URLSearchParams());
