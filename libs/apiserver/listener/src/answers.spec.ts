import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiServer } from '@kubernest/apiserver/contract';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createListener } from './create-listener.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };

describe('an answer whose memory is used again', () => {
  /** More than the system takes from a server whose client does not read. */
  const body = Buffer.alloc(64 * 1024 * 1024, 'x');
  const sent = vi.fn();
  const handle = async () => ({ kind: 'bytes', status: 200, headers: {}, body: [body], sent });
  const plain = createListener({ handler: { handle } as unknown as ApiServer }, ctx).server;

  beforeAll(async () => {
    await once(plain.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => sent.mockReset());
  afterAll(() => plain.close());

  /** Who asks and reads nothing yet, and the server's side of it. */
  async function ask(): Promise<[IncomingMessage, ServerResponse]> {
    const asked = once(plain, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    const request = httpRequest({ host: '127.0.0.1', port: (plain.address() as AddressInfo).port, path: '/api' });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return [response, (await asked)[1]];
  }

  test('is done with when all of it has gone out, not before', async () => {
    const [response, answer] = await ask();
    expect(sent).not.toHaveBeenCalled();
    const finished = once(answer, 'finish');
    let length = 0;
    for await (const part of response) length += part.length;
    await finished;
    expect([length, sent.mock.calls.length]).toEqual([body.length, 1]);
  });

  test('is left alone when the client goes in the middle of it', async () => {
    const [response, answer] = await ask();
    const closed = once(answer, 'close');
    response.destroy();
    await closed;
    expect(sent).not.toHaveBeenCalled();
  });
});

describe('an answer in pieces', () => {
  const PIECE = Buffer.alloc(256 * 1024);

  /** `count` pieces, over plain HTTP. */
  async function ask(count: number, isLengthKnown = true) {
    const made = { pieces: 0 };
    const over = Promise.withResolvers<void>();
    async function* pieces() {
      try {
        for (; made.pieces < count; made.pieces++) yield PIECE;
      } finally {
        over.resolve();
      }
    }
    const length = count * PIECE.length;
    const answer = {
      kind: 'pieces',
      status: 200,
      headers: {},
      ...(isLengthKnown && { length }),
      pieces: pieces(),
    } as const;
    const handler = { handle: async () => answer } as unknown as ApiServer;
    const plain = createListener({ handler }, ctx).server;
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      plain.closeAllConnections();
      plain.close();
    });
    const asked = once(plain, 'request');
    const request = httpRequest({ host: '127.0.0.1', port: (plain.address() as AddressInfo).port });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return { response, made, over: over.promise, answering: (await asked)[1] as ServerResponse };
  }

  test('comes whole, and leaves the connection to the next', async () => {
    const { response } = await ask(40);
    let length = 0;
    for await (const part of response) length += part.length;
    expect([length, response.headers['content-length']]).toEqual([40 * PIECE.length, `${40 * PIECE.length}`]);
  });

  test('of a length that nobody knows comes whole as well', async () => {
    const { response } = await ask(40, false);
    let length = 0;
    for await (const part of response) length += part.length;
    const { headers } = response;
    expect([length, headers['content-length'], headers['transfer-encoding']]).toEqual([
      40 * PIECE.length,
      undefined,
      'chunked',
    ]);
  });

  test('is made no faster than it is read, and no further once its reader is gone', async () => {
    const { response, made, over } = await ask(4_000_000);
    await once(response, 'readable');
    response.destroy();
    await over;
    expect(made.pieces).toBeLessThan(1000);
  });
});
