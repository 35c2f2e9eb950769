import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiResponse } from '@kubernest/apiserver/engine';

/** An upgrade that was answered with an ordinary response: it is written by hand, because no ServerResponse exists for it. */
export function refuseUpgrade(socket: Duplex, answer: ApiResponse): void {
  if (answer.kind === 'upgraded') return;
  const bytes = answer.kind === 'bytes' ? Buffer.concat(answer.body) : Buffer.alloc(0);
  const status = answer.kind === 'bytes' ? answer.status : 400;
  const headers = answer.kind === 'bytes' ? answer.headers : {};
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${bytes.length}`,
    'connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]));
}
