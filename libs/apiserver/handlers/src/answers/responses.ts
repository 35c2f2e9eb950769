import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import { type Forms, mediaTypes, type Parts, PIECE, PieceMaker, type SpareBuffers } from '@kubernest/apiserver/codec';
import {
  type AnswerTaker,
  type ApiRequest,
  type ApiResponse,
  type BytesResponse,
  jsonResponse,
  noSuchPath,
  type PiecesResponse,
  textResponse,
} from '@kubernest/apiserver/contract';
import { storeFault } from '@kubernest/apiserver/storage';
import { type Context, isAborted } from '@kubernest/kit';
import { internalError, type Status, StatusError } from '@kubernest/meta';
import { warningHeader } from './warnings.ts';

/** compat: smaller answers are not worth the time. */
const GZIP_ABOVE = 128 * 1024;
const PACKED_PIECE = 64 * 1024;
const compress = promisify(gzip);
const jsonHeaders = { 'content-type': mediaTypes.json };

/** What an answer is to be made of. */
export interface Content {
  readonly status: number;
  readonly contentType: string;
  readonly content: Uint8Array | Parts;
}

/** The answer as a whole where that is no more than a piece, and else piece by piece. */
export function contentResponse(
  { status, contentType, content }: Content,
  spares: SpareBuffers,
  ctx: Context,
): BytesResponse | Promise<BytesResponse | PiecesResponse> {
  const headers = { 'content-type': contentType };
  if (!(content instanceof Uint8Array)) return partsResponse({ status, headers }, content, spares, ctx);
  const whole: BytesResponse = { kind: 'bytes', status, headers, body: [content] };
  return spares.lends(content) ? { ...whole, sent: () => spares.give(content) } : whole;
}

async function partsResponse(
  { status, headers }: Pick<BytesResponse, 'status' | 'headers'>,
  content: Parts,
  spares: SpareBuffers,
  ctx: Context,
): Promise<BytesResponse | PiecesResponse> {
  const pieces = new PieceMaker(content, spares, ctx);
  const { bytes, last } = await pieces.first();
  if (last) return { kind: 'bytes', status, headers, body: [bytes], sent: pieces.done };
  const { length } = content;
  return { kind: 'pieces', status, headers, pieces, ...(length === undefined ? {} : { length }) };
}

const level = constants.Z_BEST_SPEED;

/** Large answers are packed for clients that said they can read it. */
export async function packed(
  request: ApiRequest,
  response: BytesResponse | PiecesResponse,
): Promise<BytesResponse | PiecesResponse> {
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return response;
  const headers = { ...response.headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' };
  if (response.kind === 'pieces')
    return { kind: 'pieces', status: response.status, headers, pieces: packedPieces(response.pieces) };
  if (sizeOf(response.body) < GZIP_ABOVE) return response;
  const bytes = response.body.length === 1 ? response.body[0]! : Buffer.concat(response.body);
  const body = await compress(bytes, { level });
  response.sent?.();
  return { kind: 'bytes', status: response.status, headers, body: [body] };
}

/** Each piece is taken when the one before is packed and what came of that was taken. */
async function* packedPieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  const gzip = createGzip({ level, chunkSize: PACKED_PIECE });
  const gone = new Promise<never>((_, reject) => {
    gzip.once('close', () => reject(new Error('nobody takes it any more')));
  });
  const feed = async (): Promise<void> => {
    for await (const piece of pieces) {
      const { promise, resolve } = Promise.withResolvers<void>();
      gzip.write(piece, () => resolve());
      await Promise.race([promise, gone]);
    }
    gzip.end();
    await gone;
  };
  feed().catch((error: Error) => gzip.destroy(error));
  yield* gzip as AsyncIterable<Uint8Array>;
}

/** Who is waited for until they have taken the answer: one that is whole and no more than a piece is taken when it is given. */
export function takerOf({ taker }: ApiRequest, response: ApiResponse): AnswerTaker | undefined {
  if (!taker || response.kind === 'object') return undefined;
  return response.kind === 'bytes' && sizeOf(response.body) <= PIECE ? undefined : taker;
}

export function sizeOf(parts: readonly Uint8Array[]): number {
  let size = 0;
  for (const part of parts) size += part.length;
  return size;
}

/** compat: what Kubernetes answers as text, before anything knows of a Status. Loopback callers get the Status all the same. */
export class TextError extends StatusError {}

/** Whatever was thrown, as the wire's own error. */
export function statusErrorFrom(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  const fault = storeFault(error, 'please try again');
  if (fault) return fault;
  if (isAborted(error))
    return new StatusError(503, 'ServiceUnavailable', 'the request was given up before it was answered');
  return internalError(error);
}

export function statusResponse(request: ApiRequest, error: StatusError, forms?: Forms): ApiResponse {
  const status: Status = error.toStatus();
  if (request.wantsObjects) return { kind: 'object', status: error.code, object: status };
  const seconds = error.details?.retryAfterSeconds;
  const retry: Readonly<Record<string, string>> = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  if (error instanceof TextError) {
    const { headers, ...text } = textResponse(error.code, `${error.message}\n`);
    return { ...text, headers: { ...headers, ...retry } };
  }
  if (!forms) return jsonResponse(error.code, status, { ...jsonHeaders, ...retry });
  const { contentType, content } = forms.status(request, status);
  const body = content instanceof Uint8Array ? [content] : [...content].filter((part) => part !== undefined);
  return { kind: 'bytes', status: error.code, headers: { 'content-type': contentType, ...retry }, body };
}

/** compat: what the server says of paths outside the API and of groups that it does not serve: a text. */
export function pageNotFound({ wantsObjects }: ApiRequest): ApiResponse {
  if (wantsObjects) throw noSuchPath();
  return textResponse(404, '404 page not found\n');
}

/** `Warning` headers: one a line is not possible in a map, so they are joined as HTTP allows. */
export function withWarnings<T extends ApiResponse>(response: T, warnings: readonly string[]): T {
  if (warnings.length === 0 || !('headers' in response)) return response;
  const warning = warningHeader(warnings);
  if (warning === undefined) return response;
  return { ...response, headers: { ...response.headers, warning } };
}
