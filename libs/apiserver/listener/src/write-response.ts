import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type {
  ApiResponse,
  BytesResponse,
  PiecesResponse,
  StreamResponse,
  WatchResponse,
} from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { auditIdOf } from '@kubernest/streams';

const DROPPED_BODY_BYTES = 64 * 1024 * 1024;
/** What it is given of a larger answer before it has taken the rest. */
const MOST_UNREAD_BYTES = 256 * 1024;
const GATEWAY_TIMEOUT = 504;
const NO_STORE = 'no-cache, private';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What every answer says, unless it says otherwise itself. */
const headOfAll = (request: IncomingMessage) =>
  ({ 'audit-id': auditIdOf(request), 'cache-control': NO_STORE }) as const;

export interface WriteOptions {
  /** A watcher with more bytes than this under way is closed. */
  readonly slowWatcherBytes: number;
}

export function writeResponse(
  { request, response }: Exchange,
  answer: ApiResponse,
  options: WriteOptions,
  ctx: Context,
): void | Promise<void> {
  switch (answer.kind) {
    case 'bytes':
      return writeBytes(request, response, answer);
    case 'pieces':
      return writePieces(response, headOf(request, answer, answer.length), answer.pieces);
    case 'watch':
      return writeWatch({ request, response }, answer, options, ctx);
    case 'stream':
      return writeStream({ request, response }, answer, ctx);
    case 'upgraded':
      return;
    default:
      throw new TypeError('an answer made of objects cannot go over a connection');
  }
}

function writeBytes(request: IncomingMessage, response: ServerResponse, answer: BytesResponse): void | Promise<void> {
  const { body, sent } = answer;
  let length = 0;
  for (const part of body) length += part.length;
  // Not on 'close': what broke off may still be read by whatever carries it.
  if (sent) response.once('finish', sent);
  const head = headOf(request, answer, length);
  if (length > MOST_UNREAD_BYTES) return writePieces(response, head, body);
  response.writeHead(head.status, head.headers);
  if (body.length === 1) response.end(body[0]);
  else {
    response.cork();
    for (const part of body) response.write(part);
    response.end();
  }
}

/** One piece after the other, each once the one before has left: who reads slowly, or not at all, holds one of them. */
async function writePieces(
  response: ServerResponse,
  { status, headers }: Head,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  response.writeHead(status, headers);
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length && !response.destroyed; at += MOST_UNREAD_BYTES)
      await taken(response, piece.subarray(at, at + MOST_UNREAD_BYTES));
    if (response.destroyed) return;
  }
  response.end();
}

function taken(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('close', done);
      resolve();
    };
    response.once('close', done);
    response.write(bytes, done);
  });
}

interface Head {
  readonly status: number;
  readonly headers: Record<string, string | number>;
}

/** Without a length it is told where each piece ends. */
function headOf(
  request: IncomingMessage,
  { status, headers }: BytesResponse | PiecesResponse,
  length: number | undefined,
): Head {
  const all: Record<string, string | number> = {
    'audit-id': auditIdOf(request),
    'cache-control': NO_STORE,
    ...headers,
  };
  if (status !== 304 && length !== undefined) all['content-length'] = length;
  // Node reads on and drops the rest of a body nobody wanted, so that the client gets to read its answer; but not for ever.
  const tooMuch = Number(request.headers['content-length'] ?? 0) > DROPPED_BODY_BYTES;
  // Nor for one that trickles in: it had its time.
  if (tooMuch || (status === GATEWAY_TIMEOUT && !request.complete)) all['connection'] = 'close';
  return { status, headers: all };
}

async function writeWatch(
  { request, response }: Exchange,
  answer: WatchResponse,
  { slowWatcherBytes }: WriteOptions,
  ctx: Context,
): Promise<void> {
  response.writeHead(answer.status, { ...headOfAll(request), ...answer.headers });
  response.flushHeaders();
  await answer.run(
    {
      writeBytes(bytes) {
        if (response.destroyed || (response.socket?.writableLength ?? 0) > slowWatcherBytes) return false;
        response.write(bytes);
        return true;
      },
      drained: () => drained(response),
    },
    ctx,
  );
  response.end();
}

async function writeStream({ request, response }: Exchange, answer: StreamResponse, ctx: Context): Promise<void> {
  response.writeHead(answer.status, { ...headOfAll(request), ...answer.headers });
  response.flushHeaders();
  const sink = {
    async write(bytes: Uint8Array): Promise<void> {
      if (response.destroyed) throw new Error('the client is gone');
      if (!response.write(bytes)) await drained(response);
    },
  };
  await answer.run(sink, ctx);
  response.addTrailers(Object.entries(answer.trailers?.() ?? {}) as [string, string][]);
  response.end();
}

/** Resolves when the connection has taken what it was given, or is gone. */
export function drained(connection: Writable): Promise<void> {
  if (connection.destroyed || !connection.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      connection.off('drain', done);
      connection.off('close', done);
      resolve();
    };
    connection.once('drain', done);
    connection.once('close', done);
  });
}
