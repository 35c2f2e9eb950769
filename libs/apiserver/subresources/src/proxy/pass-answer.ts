import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createDeflate, createGunzip, createGzip, createInflate } from 'node:zlib';
import type { ApiResponse } from '@kubernest/apiserver/engine';
import { ownValue } from '@kubernest/meta';
import { returnedHeaders } from '@kubernest/streams';
import { passOn } from '../http-call.ts';
import { rewriteLinks } from './html-links.ts';
import { throughProxy, type Way } from './through-proxy.ts';

/** Says who may read across origins: the application does not speak for the API server's. */
const crossOrigin = ['credentials', 'headers', 'methods', 'origin'].map((what) => `access-control-allow-${what}`);

/** An application knows nothing of the proxy: links and redirections from its root are led through it. */
export function passAnswer(answer: IncomingMessage, way: Way & { readonly method: string }): ApiResponse {
  const headers = returnedHeaders(answer);
  for (const name of crossOrigin) delete headers[name];
  const lead = (url: string): string => throughProxy(url, way);
  const { location } = headers;
  if (location !== undefined) return passOn(answer, { ...headers, location: lead(String(location)) });
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'text/html' || answer.statusCode === 206) return passOn(answer, headers);
  const packing = ownValue(packings, answer.headers['content-encoding'] ?? '');
  if (!packing) return passOn(answer, headers);
  delete headers['content-length'];
  if (way.method === 'HEAD') return passOn(answer, headers);
  const steps: readonly Transform[] = [...packing.unpack(), rewriteLinks(lead), ...packing.pack()];
  // A fault of any step ends them all, and is seen by who reads the last.
  return passOn(answer, headers, pipeline([answer, ...steps], () => {}) as unknown as Readable);
}

interface Packing {
  unpack(): readonly Transform[];
  pack(): readonly Transform[];
}

/** Of the content encodings; a page in any other goes by as it is. */
const packings: Readonly<Record<string, Packing>> = {
  '': { unpack: () => [], pack: () => [] },
  gzip: { unpack: () => [createGunzip()], pack: () => [createGzip()] },
  deflate: { unpack: () => [createInflate()], pack: () => [createDeflate()] },
};
