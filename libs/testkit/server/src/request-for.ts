import {
  type ApiRequest,
  type ApiResponse,
  type ApiServer,
  type UserInfo,
  wholeOf,
} from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into whatever came
  readonly object: any;
}

export function requestFor(
  line: string,
  body?: unknown,
  headers: Record<string, string> = {},
  user?: UserInfo,
): ApiRequest {
  const [method = '', url = ''] = line.split(' ');
  const [path = '', query = ''] = url.split('?');
  const bytes =
    body === undefined
      ? new Uint8Array()
      : body instanceof Uint8Array
        ? body
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: { 'x-user': 'ann', 'user-agent': 'spec/1', 'content-type': 'application/json', ...headers },
    peer: { address: '127.0.0.1', ...(user ? { loopback: user } : {}) },
    body: async () => bytes,
  };
}

export async function call(
  server: ApiServer,
  ctx: Context,
  line: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer> {
  return answerOf(await server.handle(requestFor(line, body, headers), ctx), line);
}

/** Throws where it is a watch or a stream. */
export async function answerOf(response: ApiResponse, line: string): Promise<Answer> {
  if (response.kind !== 'bytes' && response.kind !== 'pieces')
    throw new Error(`${line} answered with a ${response.kind}`);
  const text = (await wholeOf(response)).toString();
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    object = undefined;
  }
  return { status: response.status, headers: response.headers, text, object };
}
