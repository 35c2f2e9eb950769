import type { IncomingMessage } from 'node:http';
import type { ApiResponse, StreamResponse } from '@kubernest/apiserver/contract';
import { returnedTrailers } from '@kubernest/streams';

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

export async function readText(answer: IncomingMessage, limit = 64 * 1024): Promise<string> {
  let text = '';
  for await (const part of answer) {
    text += part;
    if (text.length > limit) break;
  }
  return text.slice(0, limit);
}
