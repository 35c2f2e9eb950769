import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { ApiResponse } from '@kubernest/apiserver/engine';
import { type Context, messageOf } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';

export interface OutgoingCall {
  readonly connection: RequestOptions;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array;
}

/** Sends a call; resolves with the answer's head. Throws 503 in words when nobody answers. */
export function dial(call: OutgoingCall, ctx: Context): Promise<IncomingMessage> {
  const send = call.connection.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const { method, path, headers } = call;
    const outgoing = send({ ...call.connection, method, path, headers, signal: ctx.signal });
    outgoing.on('response', resolve);
    outgoing.on('error', (error) =>
      reject(
        new StatusError(
          503,
          'ServiceUnavailable',
          `error trying to reach service: ${messageOf(error)}`,
          {},
          { cause: error },
        ),
      ),
    );
    outgoing.end(call.body);
  });
}

/** Passes an answer on as it comes, or what was made of its `body`. */
export function passOn(
  answer: IncomingMessage,
  headers: Readonly<Record<string, string>>,
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
