import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { StreamResponse } from '@kubernest/apiserver/contract';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { passAnswer } from './pass-answer.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
const way = { method: 'GET', prefix: '/p/proxy', own: '10.0.0.1:80', asked: 'api.example' };
const page = '<a href="/next">next</a>'.repeat(100);
const led = page.replaceAll('/next', '/p/proxy/next');
const html = { 'content-type': 'text/html' };

interface Given {
  readonly status?: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
}

/** An application's answer, as it arrives. */
async function answered({ status = 200, headers, body }: Given, method = 'GET'): Promise<IncomingMessage> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const outgoing = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', method, agent: false });
  const [answer] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
  return answer;
}

async function passed(given: Given, method = 'GET'): Promise<StreamResponse & { readonly bytes: Buffer }> {
  const response = (await passAnswer(await answered(given, method), { ...way, method })) as StreamResponse;
  const parts: Uint8Array[] = [];
  await response.run({ write: async (part) => void parts.push(part) }, ctx);
  return { ...response, bytes: Buffer.concat(parts) };
}

describe('a page', () => {
  test.each([
    ['', (text: string) => Buffer.from(text), (bytes: Buffer) => bytes],
    ['gzip', gzipSync, gunzipSync],
    ['deflate', deflateSync, inflateSync],
    ['deflate', deflateRawSync, inflateRawSync],
  ])('packed with %j is led through, and packed again as it was', async (encoding, pack, unpack) => {
    const headers = { ...html, ...(encoding ? { 'content-encoding': encoding } : {}) };
    const { bytes, headers: back } = await passed({ headers, body: pack(page) });
    expect(String(unpack(bytes))).toBe(led);
    expect([back['content-encoding'] ?? '', back['content-length']]).toEqual([encoding, undefined]);
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'br', 'identity', 'gzip, gzip', 'GZip'])(
    'in an encoding that nobody here reads (%s) goes by as it is',
    async (encoding) => {
      const { bytes, headers } = await passed({ headers: { ...html, 'content-encoding': encoding }, body: page });
      expect([String(bytes), headers['content-encoding']]).toEqual([page, encoding]);
    },
  );

  test('that is not what it is said to be goes by as it is', async () => {
    const { bytes } = await passed({ headers: { ...html, 'content-encoding': 'gzip' }, body: page });
    expect(String(bytes)).toBe(page);
  });

  test.each(['gzip', 'deflate', ''])('without a body goes by as it is (%j)', async (encoding) => {
    const headers = { ...html, ...(encoding ? { 'content-encoding': encoding } : {}) };
    for (const status of [200, 204, 304, 404]) expect((await passed({ status, headers })).bytes).toHaveLength(0);
    const asked = await passed({ headers, body: page }, 'HEAD');
    expect([asked.bytes.length, asked.headers['content-length']]).toEqual([0, undefined]);
  });

  test('of which only a part was asked for goes by as it is', async () => {
    const { bytes } = await passed({ status: 206, headers: html, body: page });
    expect(String(bytes)).toBe(page);
  });

  test('that breaks off does not look whole', async () => {
    const body = gzipSync(page);
    const headers = { ...html, 'content-encoding': 'gzip' };
    await expect(passed({ headers, body: body.subarray(0, body.length - 9) })).rejects.toThrow('unexpected end');
  });
});

test('a redirection is led through, and its page left alone', async () => {
  const { headers, bytes } = await passed({ status: 302, headers: { ...html, location: '/new' }, body: page });
  expect([headers['location'], String(bytes)]).toEqual(['/p/proxy/new', page]);
});

test('an answer that cannot be passed on keeps no connection', async () => {
  const answer = await answered({ headers: { location: '/new' }, body: page });
  const closed = once(answer, 'close');
  const broken = {
    ...way,
    get prefix(): string {
      throw new TypeError('broken');
    },
  };
  await expect(passAnswer(answer, broken)).rejects.toThrow('broken');
  await closed;
});
