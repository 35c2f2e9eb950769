import * as http from 'node:http';
import * as https from 'node:https';
import type { Context, Milliseconds } from '@kubernest/kit';
import { type Json, parseJson, type WatchEvent } from '@kubernest/meta';
import type { ApiAnswer, ApiCall, Transport } from '../client.ts';
import { statusErrorOf } from '../status-from.ts';
import { type Bearer, bearerOf } from './bearer.ts';
import { LineSplitter } from './watch-lines.ts';

export interface HttpTransportOptions {
  /** `https://host:port`, with a path prefix where a proxy wants one. `http://` for `kubectl proxy`. */
  readonly server: string;
  /** PEM. Absent: the system's own authorities. */
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly token?: string;
  /** The present token, asked for with each call. Wins over `token`. */
  readonly tokenOf?: () => string;
  /** Read again every minute and after a 401. Wins over `token`. */
  readonly tokenFile?: string;
  readonly serverName?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly userAgent?: string;
  /** How long a call may be silent; 60 s unless given. Watches have none: they are kept by TCP keep-alive. */
  readonly timeout?: Milliseconds;
  /** Calls at once; 64 unless given. */
  readonly maxSockets?: number;
}

/** A client certificate and its key, PEM. */
export interface ClientCertificate {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export interface HttpTransport extends Transport {
  /** From now on dials with another client certificate. Calls in flight end as they are; watches break off, to be taken up again by whoever watches. */
  renew(certificate: ClientCertificate): void;
  /** Closes idle connections. Calls in flight end by their own. */
  close(): void;
}

interface RawAnswer extends ApiAnswer {
  readonly text?: string;
  readonly retryAfter?: string | undefined;
}

/** The API over HTTPS on node:https: connections are kept and TLS sessions reused. Says nothing about who is asking but what it was given. */
export function httpTransport(options: HttpTransportOptions): HttpTransport {
  const wire = wireOf(options);
  return {
    async call(call, ctx) {
      const answer = await wire.call(call, ctx);
      if (answer.status === 401 && wire.bearer.refused(ctx.clock)) return checked(await wire.call(call, ctx));
      return checked(answer);
    },
    watch: (call, onEvent, ctx) => wire.watch(call, onEvent, ctx),
    renew: (certificate) => wire.renew(certificate),
    close: () => wire.close(),
  };
}

function checked(answer: RawAnswer): ApiAnswer {
  if (answer.status >= 400) throw statusErrorOf(answer.status, answer.object ?? answer.text, answer.retryAfter);
  return { status: answer.status, object: answer.object, etag: answer.etag };
}

function wireOf(options: HttpTransportOptions) {
  const base = parseServer(options.server);
  const secure = base.protocol === 'https:';
  const { ca, cert, key } = options;
  // With each request, not with the agent: its connections are kept apart by them.
  let identity: Partial<ClientCertificate> = secure ? { cert, key } : {};
  const tls = secure ? { ca, servername: options.serverName, rejectUnauthorized: !options.insecureSkipTlsVerify } : {};
  const agentOptions = { keepAlive: true, keepAliveMsecs: 15_000, scheduling: 'lifo' as const, ...tls };
  const newAgent = (maxSockets: number) =>
    secure ? new https.Agent({ ...agentOptions, maxSockets }) : new http.Agent({ ...agentOptions, maxSockets });
  // Watches hold their sockets for long: their own agent, so that they never starve calls.
  const calls = newAgent(options.maxSockets ?? 64);
  const watches = newAgent(Number.POSITIVE_INFINITY);
  const bearer = bearerOf(options);
  const prefix = base.pathname.replace(/\/$/, '');

  const open = (call: ApiCall, agent: http.Agent, ctx: Context): http.ClientRequest => {
    const body = call.body === undefined ? undefined : encode(call.body);
    const request = (secure ? https : http).request({
      ...identity,
      agent,
      host: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port || (secure ? 443 : 80),
      method: call.method,
      path: prefix + call.path,
      signal: ctx.signal,
      headers: headersOf(call, body, bearer, options.userAgent, ctx),
    });
    request.end(body);
    return request;
  };

  const call = (request: ApiCall, ctx: Context, mayRetry = request.method === 'GET'): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const sent = open(request, calls, ctx);
      sent.setTimeout(options.timeout ?? 60_000, () => sent.destroy(new Error('no answer in time')));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (ctx.signal.aborted) return reject(ctx.signal.reason);
        // The server closed a kept connection just as we reused it: nothing was done, ask again on a new one.
        if (mayRetry && sent.reusedSocket && error.code === 'ECONNRESET') return resolve(call(request, ctx, false));
        reject(unreachable(options.server, error));
      });
      sent.on('response', (response) => {
        readBody(response).then(
          (bytes) => {
            const { 'content-type': type, 'retry-after': retryAfter, etag } = response.headers;
            resolve({ status: response.statusCode ?? 0, retryAfter, etag, ...decode(bytes, type) });
          },
          (error) => reject(ctx.signal.aborted ? ctx.signal.reason : unreachable(options.server, error)),
        );
      });
    });

  const watch = (request: ApiCall, onEvent: (event: WatchEvent) => void, ctx: Context): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = open(request, watches, ctx);
      const fail = (error: unknown) => reject(ctx.signal.aborted ? ctx.signal.reason : error);
      sent.on('error', (error) => fail(unreachable(options.server, error)));
      sent.on('response', (response) => {
        if ((response.statusCode ?? 0) >= 400) {
          readBody(response).then((bytes) => {
            if (response.statusCode === 401) bearer.refused(ctx.clock);
            const { object, text } = decode(bytes, response.headers['content-type']);
            fail(statusErrorOf(response.statusCode ?? 0, object ?? text, response.headers['retry-after']));
          }, fail);
          return;
        }
        readEvents(response, onEvent).then(resolve, (error) => {
          sent.destroy();
          fail(error);
        });
      });
    });

  return {
    bearer,
    call,
    watch,
    renew: (certificate: ClientCertificate) => {
      identity = certificate;
      for (const idle of Object.values(calls.freeSockets)) for (const socket of idle ?? []) socket.destroy();
      watches.destroy();
    },
    close: () => {
      calls.destroy();
      watches.destroy();
    },
  };
}

function readEvents(response: http.IncomingMessage, onEvent: (event: WatchEvent) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = new LineSplitter((line) => onEvent(parseJson(line.toString('utf8')) as unknown as WatchEvent));
    response.on('data', (chunk: Buffer) => {
      try {
        lines.push(chunk);
      } catch (error) {
        reject(error);
      }
    });
    response.on('error', reject);
    response.on('aborted', () => reject(new Error('the watch connection broke')));
    response.on('end', () =>
      lines.unfinishedBytes > 0 ? reject(new Error('the watch ended in the middle of an event')) : resolve(),
    );
  });
}

async function readBody(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function decode(bytes: Buffer, contentType: string | undefined): { object: unknown; text?: string } {
  const text = bytes.toString('utf8');
  if (!contentType?.startsWith('application/json')) return { object: undefined, text };
  return { object: text === '' ? undefined : parseJson(text) };
}

function encode(body: Json | Uint8Array): Buffer {
  return body instanceof Uint8Array
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : Buffer.from(JSON.stringify(body));
}

function headersOf(
  call: ApiCall,
  body: Buffer | undefined,
  bearer: Bearer,
  userAgent: string | undefined,
  ctx: Context,
) {
  const token = bearer.token(ctx.clock);
  return {
    accept: 'application/json',
    'user-agent': userAgent ?? 'kubernest',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
    ...call.headers,
  };
}

function parseServer(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new Error(`"${server}" is not the address of an API server: write https://host:port`);
  }
  return url;
}

/** Nobody is there to ask, or he hung up. */
export class UnreachableError extends Error {}

function unreachable(server: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
  return new UnreachableError(`the API server ${server} cannot be reached: ${why}`, { cause });
}
