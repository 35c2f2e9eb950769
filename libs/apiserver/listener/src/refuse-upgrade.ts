import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiResponse } from '@kubernest/apiserver/engine';
import { lingeringClose } from '@kubernest/streams';

/**
 * An upgrade that was answered with an ordinary response, after which the connection serves nothing else: it is written by hand, because
 * no ServerResponse exists for it.
 */
export function refuseUpgrade(socket: Duplex, answer: ApiResponse): void {
  if (answer.kind === 'upgraded') return;
  const { status, headers, body } = answer.kind === 'bytes' ? answer : noUpgradeHere;
  const bytes = Buffer.concat(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${bytes.length}`,
    'connection: close',
  ];
  lingeringClose(socket, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]));
}

/** What would be a stream of its own sort takes no upgrade into another. */
const noUpgradeHere = {
  status: 400,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: [Buffer.from('this path takes no upgrade\n')],
};
