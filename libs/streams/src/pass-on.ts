import type { IncomingMessage } from 'node:http';
import { type Context, inLargeParts } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { type ReturnedLines, returnedTrailers } from './forwarded-headers.ts';

/** An answer on its way back, as the API server's listener writes streams. */
export interface PassedAnswer {
  readonly kind: 'stream';
  readonly status: number;
  readonly headers: ReturnedLines;
  readonly trailers: () => ReturnedLines;
  run(sink: { write(bytes: Uint8Array): Promise<void> }, ctx: Context): Promise<void>;
}

/** Passes an answer on as it comes, or what was made of its `body`. */
export function passOn(
  answer: IncomingMessage,
  headers: ReturnedLines,
  body: AsyncIterable<unknown> = inLargeParts(answer),
): PassedAnswer {
  return {
    kind: 'stream',
    status: answer.statusCode ?? 502,
    headers,
    trailers: () => returnedTrailers(answer),
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

/** The body of a request that is passed on: streams, with the length that it came with. Throws 501 for a coding that is not known. */
export function passedBody(request: IncomingMessage): { readonly body?: IncomingMessage; readonly length?: number } {
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined) {
    // compat: Go's server knows no other, so that nothing comes out of its proxies coded as it no longer says.
    if (coding.toLowerCase() !== 'chunked')
      throw new StatusError(501, 'NotImplemented', 'unsupported transfer encoding');
    return { body: request };
  }
  const length = Number(request.headers['content-length'] ?? 0);
  return length > 0 ? { body: request, length } : {};
}

export async function readText(answer: IncomingMessage, limit = 64 * 1024): Promise<string> {
  let text = '';
  for await (const part of inLargeParts(answer)) {
    text += part;
    if (text.length > limit) break;
  }
  return text.slice(0, limit);
}
