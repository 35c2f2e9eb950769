import type { ApiRequest, ApiServer, Peer, UserInfo } from '@kubernest/apiserver/contract';
import type { ApiAnswer, ApiCall, Transport } from '@kubernest/client';
import { type Context, childContext } from '@kubernest/kit';
import {
  type Json,
  jsonBytesInSteps,
  paced,
  parseJson,
  type Status,
  StatusError,
  type WatchEvent,
} from '@kubernest/meta';

/**
 * Calls within this process, entering right after TLS as `user`. What is sent is turned to JSON and back like anyone's; what is read are
 * the cache's frozen objects. Takes a place among the requests in flight like a client from outside, but for `controlPlane`.
 */
export function loopbackTransport(
  server: ApiServer,
  user: UserInfo,
  { controlPlane = false }: Pick<Peer, 'controlPlane'> = {},
): Transport {
  const peer: Peer = { address: '127.0.0.1', loopback: user, controlPlane };
  return {
    async call(call, ctx): Promise<ApiAnswer> {
      const response = await server.handle(requestOf(call, peer), ctx);
      switch (response.kind) {
        case 'object':
          if (response.status >= 400) throw errorFrom(response.object as Status);
          return { status: response.status, object: response.object };
        case 'bytes':
          return { ...fromBytes(response.status, response.body), etag: response.headers['etag'] };
        default:
          throw new TypeError(`${call.method} ${call.path} answers with a stream: it cannot be called over loopback`);
      }
    },
    async watch(call, onEvent, ctx) {
      const { ctx: inner, controller } = childContext(ctx);
      try {
        await runWatch(server, { call, peer, onEvent }, inner);
        ctx.signal.throwIfAborted();
      } finally {
        controller.abort();
      }
    },
  };
}

interface WatchOrder {
  readonly call: ApiCall;
  readonly peer: Peer;
  readonly onEvent: (event: WatchEvent) => void;
}

async function runWatch(server: ApiServer, { call, peer, onEvent }: WatchOrder, ctx: Context): Promise<void> {
  const response = await server.handle(requestOf(call, peer), ctx);
  if (response.kind === 'object') throw errorFrom(response.object as Status);
  if (response.kind !== 'watch') throw new TypeError(`${call.path} is no watch`);
  let fault: { readonly error: unknown } | undefined;
  const writeEvents = (events: readonly WatchEvent[]): boolean => {
    try {
      for (const event of events) onEvent(event);
      return true;
    } catch (error) {
      fault = { error };
      return false;
    }
  };
  await response.run({ writeEvents }, ctx);
  if (fault) throw fault.error;
}

function requestOf(call: ApiCall, peer: Peer): ApiRequest {
  const question = call.path.indexOf('?');
  const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'kubernest' };
  let bytes: Promise<Uint8Array> | undefined;
  for (const [name, value] of Object.entries(call.headers ?? {})) headers[name.toLowerCase()] = value;
  return {
    method: call.method,
    path: question < 0 ? call.path : call.path.slice(0, question),
    query: new URLSearchParams(question < 0 ? '' : call.path.slice(question + 1)),
    headers,
    peer,
    body: () => (bytes ??= bytesOf(call.body)),
    wantsObjects: true,
  };
}

const EMPTY = new Uint8Array();
/** Controllers write what users made as wide as they liked. */
async function bytesOf(body: Json | Uint8Array | undefined): Promise<Uint8Array> {
  if (body === undefined) return EMPTY;
  return body instanceof Uint8Array ? body : paced(jsonBytesInSteps(body));
}

function fromBytes(status: number, body: readonly Uint8Array[]): ApiAnswer {
  const text = Buffer.concat(body).toString('utf8');
  let object: unknown;
  try {
    object = parseJson(text);
  } catch {
    object = undefined;
  }
  if (status >= 400) throw object ? errorFrom(object as Status) : new StatusError(status, '', text);
  return { status, object };
}

function errorFrom(status: Status): StatusError {
  return new StatusError(status.code ?? 500, status.reason ?? '', status.message ?? '', status.details);
}
