import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { isAborted } from '@kubernest/kit';
import { internalError, type Status, StatusError } from '@kubernest/meta';
import { mediaTypes } from './codec/accept.ts';
import type { Forms } from './codec/forms.ts';
import type { ApiRequest, ApiResponse, BytesResponse, Pieces } from './contract/index.ts';
import { warningHeader } from './warnings.ts';
import { storeFault } from './write/commit.ts';

/** compat: smaller answers are not worth the time. */
const GZIP_ABOVE = 128 * 1024;
const compress = promisify(gzip);
const jsonHeaders = { 'content-type': mediaTypes.json };

export const jsonResponse = (
  status: number,
  object: unknown,
  headers: Readonly<Record<string, string>> = jsonHeaders,
): BytesResponse => ({
  kind: 'bytes',
  status,
  headers,
  body: [Buffer.from(JSON.stringify(object))],
});

export const textResponse = (status: number, text: string, type = 'text/plain; charset=utf-8'): BytesResponse => ({
  kind: 'bytes',
  status,
  headers: { 'content-type': type, 'x-content-type-options': 'nosniff' },
  body: [Buffer.from(text)],
});

export function bytesResponse(status: number, contentType: string, bytes: Buffer): BytesResponse {
  return { kind: 'bytes', status, headers: { 'content-type': contentType }, body: [bytes] };
}

export const piecesResponse = (status: number, headers: BytesResponse['headers'], pieces: Pieces): BytesResponse => ({
  kind: 'bytes',
  status,
  headers,
  pieces,
  get body() {
    const all = Buffer.allocUnsafe(pieces.length);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return [all];
  },
});

export const takesPacked = ({ headers }: ApiRequest): boolean => /\bgzip\b/.test(headers['accept-encoding'] ?? '');

/** Large answers are packed for clients that said they can read it. */
export async function packed(request: ApiRequest, response: BytesResponse): Promise<BytesResponse> {
  const size = response.body.reduce((sum, part) => sum + part.length, 0);
  if (size < GZIP_ABOVE || !takesPacked(request)) return response;
  const bytes = response.body.length === 1 ? response.body[0]! : Buffer.concat(response.body);
  const body = await compress(bytes, { level: constants.Z_BEST_SPEED });
  const { sent, ...rest } = response;
  sent?.();
  return {
    ...rest,
    headers: { ...response.headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' },
    body: [body],
  };
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
  const { contentType, bytes } = forms.status(request, status);
  return { kind: 'bytes', status: error.code, headers: { 'content-type': contentType, ...retry }, body: [bytes] };
}

/** compat: the same text for every path that leads nowhere. */
export const noSuchPath = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

/** compat: what the server says of paths outside the API and of groups that it does not serve: a text. */
export function pageNotFound({ wantsObjects }: ApiRequest): ApiResponse {
  if (wantsObjects) throw noSuchPath();
  return textResponse(404, '404 page not found\n');
}

export const methodRefused = (): StatusError =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** `Warning` headers: one a line is not possible in a map, so they are joined as HTTP allows. */
export function withWarnings<T extends ApiResponse>(response: T, warnings: readonly string[]): T {
  if (warnings.length === 0 || !('headers' in response)) return response;
  const warning = warningHeader(warnings);
  if (warning === undefined) return response;
  const headers = { ...response.headers, warning };
  // A copy of its fields would make the body that nobody wants as a whole.
  if (response.kind === 'bytes' && response.pieces)
    return piecesResponse(response.status, headers as BytesResponse['headers'], response.pieces) as T;
  return { ...response, headers };
}

export const successStatus = (details: Status['details']): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details,
});
