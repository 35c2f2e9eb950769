import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { StatusError } from '@kubernest/meta';
import { describe, expect, test } from 'vitest';
import { answerUpgrade } from './answer-upgrade.ts';
import { answerWith } from './handshake.ts';

describe.each([
  ['GET', 'no\n'],
  ['POST', 'no\n'],
  ['HEAD', ''],
])('an upgrade by %s that is answered with an ordinary response', (method, body) => {
  test('ends with what belongs to its method', async () => {
    const [client, socket] = duplexPair();
    answerUpgrade({ method }, socket, { status: 400, headers: { 'x-why': 'so' }, body: 'no\n' });
    const head = 'HTTP/1.1 400 Bad Request\r\nx-why: so\r\ncontent-length: 3\r\nconnection: close\r\n\r\n';
    expect(await text(client)).toBe(head + body);
  });

  test('of a Status, too', async () => {
    const [client, socket] = duplexPair();
    answerWith({ method } as never, socket, new StatusError(403, 'Forbidden', 'no'));
    const [, sent] = (await text(client)).split('\r\n\r\n');
    expect(sent === '').toBe(body === '');
  });
});
