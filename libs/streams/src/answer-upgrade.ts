import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { lingeringClose } from './lingering-close.ts';

export interface OrdinaryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * Answers an upgrade with an ordinary response, after which the connection serves nothing else: it is written by hand, because no
 * ServerResponse exists for it. A HEAD is told of the body, and gets none.
 */
export function answerUpgrade(
  { method }: Pick<IncomingMessage, 'method'>,
  socket: Duplex,
  answer: OrdinaryAnswer,
): void {
  const { status, headers } = answer;
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    'connection: close',
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  lingeringClose(socket, method === 'HEAD' ? head : Buffer.concat([head, body]));
}
