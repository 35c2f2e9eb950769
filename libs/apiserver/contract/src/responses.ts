import { type Status, StatusError } from '@kubernest/meta';
import type { BytesResponse, PiecesResponse } from './request.ts';

const jsonHeaders = { 'content-type': 'application/json' };

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

/** All of an answer, for who cannot take it bit by bit. */
export async function wholeOf(response: BytesResponse | PiecesResponse): Promise<Buffer> {
  if (response.kind === 'bytes') return Buffer.concat(response.body);
  const taken: Buffer[] = [];
  for await (const piece of response.pieces) taken.push(Buffer.from(piece));
  return Buffer.concat(taken);
}

/** compat: the same text for every path that leads nowhere. */
export const noSuchPath = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const methodRefused = (): StatusError =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const successStatus = (details: Status['details']): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details,
});
