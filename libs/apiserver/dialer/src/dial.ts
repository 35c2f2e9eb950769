import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { type Readable, Stream } from 'node:stream';
import type { Context, Milliseconds } from '@kubernest/kit';
import { attempts, changesNothing } from './attempts.ts';
import type { Connection } from './contract.ts';
import { hearLastWords } from './last-words.ts';
import { ANSWER_WITHIN, limit } from './limits.ts';
import { paceAnswer } from './paced-answer.ts';

export interface DialRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Nothing of the body's framing, which follows from the body. */
  readonly headers?: OutgoingHttpHeaders;
  /** A stream is passed on as it comes, in chunks unless its length is known. */
  readonly body?: Uint8Array | Readable;
  /** How many bytes a stream brings. */
  readonly length?: number;
  /** Longest wait for the answer's head, once the request has been sent; 30 s unless given. */
  readonly answerWithin?: Milliseconds;
  /**
   * May be sent again where a kept connection turns out to be closed; else what changes nothing (GET, HEAD, OPTIONS) is. A stream never is.
   */
  readonly repeatable?: boolean;
}

/**
 * Sends a request; resolves with the answer's head, whose body is to be read or destroyed, without a bound and for as long as it takes. Throws
 * a `DialError` when nobody answers, or not in time; rejects with `ctx.signal.reason` when aborted, which ends an answer's body, too.
 */
export function dial(connection: Connection, request: DialRequest, ctx: Context): Promise<IncomingMessage> {
  const { method, path, body, answerWithin = ANSWER_WITHIN, repeatable = changesNothing(method) } = request;
  const send = (outgoing: ClientRequest, resolve: (answer: IncomingMessage) => void): void => {
    outgoing.on('response', resolve);
    limit(outgoing, { connection, answerWithin }, ctx);
    outgoing.once('socket', (socket) => {
      outgoing.once('close', hearLastWords(socket));
      paceAnswer(outgoing, socket);
    });
    if (body instanceof Stream) pour(body, outgoing);
    else outgoing.end(body);
  };
  const options = { method, path, headers: { ...request.headers, ...framing(request) }, signal: ctx.signal };
  return attempts(connection, { send, options, repeatable: repeatable && !(body instanceof Stream) }, ctx);
}

/** Said for every method: Node lets the body of a GET follow its head unframed, where the other side reads it as a request of its own. */
function framing({
  body,
  length = body instanceof Uint8Array ? body.length : undefined,
}: DialRequest): OutgoingHttpHeaders {
  if (body === undefined || length === 0) return {};
  return length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length };
}

/** A body goes on as it comes, no faster than it is taken. What is left of it when nobody takes it any more is dropped. */
function pour(body: Readable, outgoing: ClientRequest): void {
  body.pipe(outgoing);
  outgoing.once('close', () => {
    body.unpipe(outgoing);
    body.resume();
  });
}
