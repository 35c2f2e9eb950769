import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createDeflate, createDeflateRaw, createGunzip, createGzip, createInflate, createInflateRaw } from 'node:zlib';
import type { ApiResponse } from '@kubernest/apiserver/contract';
import { inLargeParts } from '@kubernest/kit';
import { passOn, returnedHeaders } from '@kubernest/streams';
import { rewriteLinks } from './html-links.ts';
import { throughProxy, type Way } from './through-proxy.ts';

/** Says who may read across origins: the application does not speak for the API server's. */
const crossOrigin = ['credentials', 'headers', 'methods', 'origin'].map((what) => `access-control-allow-${what}`);

/**
 * An application knows nothing of the proxy: links and redirections from its root are led through it. Ends the answer's connection where it
 * throws.
 */
export async function passAnswer(
  answer: IncomingMessage,
  way: Way & { readonly method: string },
): Promise<ApiResponse> {
  try {
    return await led(answer, way);
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

async function led(answer: IncomingMessage, way: Way & { readonly method: string }): Promise<ApiResponse> {
  const headers = returnedHeaders(answer);
  for (const name of crossOrigin) delete headers[name];
  const lead = (url: string): string => throughProxy(url, way);
  const { location } = headers;
  if (location !== undefined) return passOn(answer, { ...headers, location: lead(String(location)) });
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'text/html' || answer.statusCode === 206) return passOn(answer, headers);
  const encoding = answer.headers['content-encoding'] ?? '';
  if (!encodings.has(encoding)) return passOn(answer, headers);
  delete headers['content-length'];
  if (way.method === 'HEAD' || bodiless.has(answer.statusCode)) return passOn(answer, headers);
  const packing = encoding === '' ? plain : packingOf(encoding, await firstByte(answer));
  if (!packing) return passOn(answer, headers);
  const steps: readonly Transform[] = [...packing.unpack(), rewriteLinks(lead), ...packing.pack()];
  // A fault of any step ends them all, and is seen by who reads the last.
  return passOn(answer, headers, pipeline([inLargeParts(answer), ...steps], () => {}) as unknown as Readable);
}

const bodiless = new Set<number | undefined>([204, 304]);

interface Packing {
  unpack(): readonly Transform[];
  pack(): readonly Transform[];
}

/** Those that are looked into; a page in any other goes by as it is. */
const encodings = new Set(['', 'gzip', 'deflate']);
const plain: Packing = { unpack: () => [], pack: () => [] };
const gzip: Packing = { unpack: () => [createGunzip()], pack: () => [createGzip()] };
const deflate: Packing = { unpack: () => [createInflate()], pack: () => [createDeflate()] };
const rawDeflate: Packing = { unpack: () => [createInflateRaw()], pack: () => [createDeflateRaw()] };

/** Where a page begins as something else than it is said to be, and where it is empty, there is nothing to look into. */
function packingOf(encoding: string, first: number | undefined): Packing | undefined {
  if (first === undefined) return undefined;
  if (encoding === 'gzip') return first === 0x1f ? gzip : undefined;
  // The standard means the one with a head, which says how in its lower half; many send the bare one, the only one that Kubernetes knows.
  return (first & 0x0f) === 8 ? deflate : rawDeflate;
}

/** Leaves it to be read. Undefined where none comes, for whatever reason: who reads the answer sees it. */
function firstByte(answer: IncomingMessage): Promise<number | undefined> {
  return new Promise((resolve) => {
    const look = (): void => {
      answer.off('readable', look);
      answer.off('close', look);
      const chunk = answer.read() as Buffer | null;
      if (chunk) answer.unshift(chunk);
      resolve(chunk?.[0]);
    };
    answer.on('readable', look);
    answer.on('close', look);
  });
}
