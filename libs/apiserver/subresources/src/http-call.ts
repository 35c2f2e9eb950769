import { type ClientRequest, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { type Readable, Stream } from 'node:stream';
import type { ApiResponse, StreamResponse } from '@kubernest/apiserver/engine';
import type { Context, Milliseconds } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { dialWords } from './dial-words.ts';
import { hearLastWords } from './last-words.ts';

export interface OutgoingCall {
  readonly connection: RequestOptions;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Nothing of the body's framing, which follows from the body. */
  readonly headers?: OutgoingHttpHeaders;
  /** A stream is passed on as it comes, in chunks unless its length is known. */
  readonly body?: Uint8Array | Readable;
  /** How many bytes a stream brings. */
  readonly length?: number;
  /** Longest wait for the answer's head, once the request has been sent. */
  readonly answerWithin?: Milliseconds;
}

/** As in Kubernetes. */
const CONNECT_WITHIN: Milliseconds = 30_000;
const HANDSHAKE_WITHIN: Milliseconds = 10_000;
/** A node's agent answers at once. */
const ANSWER_WITHIN: Milliseconds = 30_000;

/** Sends a call; resolves with the answer's head. Throws 503 in words when nobody answers, or not in time. */
export function dial(call: OutgoingCall, ctx: Context): Promise<IncomingMessage> {
  const send = call.connection.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const { method, path, body } = call;
    const headers = { ...call.headers, ...framing(call) };
    const outgoing = send({ ...call.connection, method, path, headers, signal: ctx.signal });
    outgoing.on('response', resolve);
    outgoing.on('error', (error) =>
      reject(
        new StatusError(
          503,
          'ServiceUnavailable',
          `error trying to reach service: ${dialWords(error, call.connection)}`,
          {},
          { cause: error },
        ),
      ),
    );
    limit(outgoing, call, ctx);
    outgoing.once('socket', (socket) => outgoing.once('close', hearLastWords(socket)));
    if (body instanceof Stream) pour(body, outgoing);
    else outgoing.end(body);
  });
}

/** Said for every method: Node lets the body of a GET follow its head unframed, where the other side reads it as a request of its own. */
function framing({
  body,
  length = body instanceof Uint8Array ? body.length : undefined,
}: OutgoingCall): OutgoingHttpHeaders {
  if (body === undefined || length === 0) return {};
  return length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length };
}

/** Each stage on the way to the answer's head has its time. */
function limit(
  outgoing: ClientRequest,
  { connection, answerWithin = ANSWER_WITHIN }: OutgoingCall,
  ctx: Context,
): void {
  const within = (time: Milliseconds, why: string, done: (over: () => void) => void): void => {
    const cancel = ctx.clock.after(time, () => outgoing.destroy(new Error(why)));
    done(cancel);
    outgoing.once('close', cancel);
  };
  outgoing.once('socket', (socket: Socket) => {
    if (!socket.connecting) return;
    const { host, port } = connection;
    within(CONNECT_WITHIN, `dial tcp ${host}:${port}: i/o timeout`, (over) => socket.once('connect', over));
    if (connection.protocol === 'https:')
      socket.once('connect', () =>
        within(HANDSHAKE_WITHIN, 'TLS handshake timeout', (over) => socket.once('secureConnect', over)),
      );
  });
  outgoing.once('finish', () =>
    within(answerWithin, 'timeout awaiting response headers', (over) => outgoing.once('response', over)),
  );
}

/** A body goes on as it comes, no faster than it is taken. What is left of it when nobody takes it any more is dropped. */
function pour(body: Readable, outgoing: ClientRequest): void {
  body.pipe(outgoing);
  outgoing.once('close', () => {
    body.unpipe(outgoing);
    body.resume();
  });
}

/** Passes an answer on as it comes, or what was made of its `body`. */
export function passOn(
  answer: IncomingMessage,
  headers: StreamResponse['headers'],
  body: AsyncIterable<unknown> = answer,
): ApiResponse {
  return {
    kind: 'stream',
    status: answer.statusCode ?? 502,
    headers,
    async run(sink, ctx) {
      const stop = () => answer.destroy();
      ctx.signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const part of body) await sink.write(part as Uint8Array);
      } catch (error) {
        if (!ctx.signal.aborted) throw error;
      } finally {
        ctx.signal.removeEventListener('abort', stop);
        answer.destroy();
      }
    },
  };
}

export async function readText(answer: IncomingMessage, limit = 64 * 1024): Promise<string> {
  let text = '';
  for await (const part of answer) {
    text += part;
    if (text.length > limit) break;
  }
  return text.slice(0, limit);
}
