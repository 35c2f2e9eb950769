import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { container, pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
beforeAll(async () => {
  space = await testSpace();
});
afterAll(async () => {
  agent.destroy();
  await space[Symbol.asyncDispose]();
});

const ask = (path: string, options: RequestOptions = {}) =>
  request({ port: space.port, host: '127.0.0.1', path, ...options, headers: { 'x-user': 'ann', ...options.headers } });
const answerOf = async (outgoing: ReturnType<typeof ask>): Promise<IncomingMessage> =>
  ((await once(outgoing, 'response')) as [IncomingMessage])[0];
/** The URL that reached the backend. */
async function arrivedAt(path: string, options?: RequestOptions): Promise<string> {
  return (await text(await answerOf(ask(path, options).end()))).split(' ')[1]!;
}
const proxied = `${pods}/one/proxy`;

describe('what is sent through a proxy arrives byte for byte:', () => {
  test.each([
    '/a%20b/c%2Fd/%C3%BC',
    '/a//b/./../c/',
    '//',
    '/?a=b+c&d=%20&&e=%zz&f&a=1',
    '/x?',
    '/x??y=/proxy/',
    '/proxy/x/proxy',
    '/pods/p/proxy/',
    '/x;y=1?watch=true&timeout=1s',
  ])('%s', async (rest) => {
    expect(await arrivedAt(proxied + rest)).toBe(rest);
  });

  test.each(['pods', 'proxy', 'services', 'namespaces', 'api'])(
    'in a namespace and of a pod called %s',
    async (name) => {
      await space.make('/api/v1/namespaces', { metadata: { name } });
      const path = `/api/v1/namespaces/${name}/pods`;
      await space.make(path, { metadata: { name }, spec: { nodeName: 'n', containers: [container('c')] } });
      await space.make(`PUT ${path}/${name}/status`, {
        metadata: { name },
        status: { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
      });
      expect(await arrivedAt(`${path}/${name}/proxy/proxy/x`)).toBe('/proxy/x');
      const bare = await answerOf(ask(`${path}/${name}/proxy?q`).end());
      bare.resume();
      expect([bare.statusCode, bare.headers.location]).toEqual([301, `${path}/${name}/proxy/?q`]);
    },
  );

  test('the bare path leads to no other host, as none that begins with two slashes leads anywhere', async () => {
    const answer = await answerOf(ask(`/${proxied}`).end());
    answer.resume();
    expect([answer.statusCode, answer.headers.location]).toEqual([404, undefined]);
  });
});

describe('a body', () => {
  test('goes on as it comes, and so does the answer', async () => {
    const outgoing = ask(`${proxied}/mirror`, { method: 'POST' });
    outgoing.write('first');
    const answer = await answerOf(outgoing);
    const parts = answer[Symbol.asyncIterator]();
    for (const word of ['first', 'second', 'third']) {
      if (word !== 'first') outgoing.write(word);
      expect(String((await parts.next()).value)).toBe(word);
    }
    outgoing.end();
    expect((await parts.next()).done).toBe(true);
  });

  test.each([
    ['of a known length', { 'content-length': 8 * 1024 * 1024 }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('%s may be larger than any object', async (_how, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET']) {
      const outgoing = ask(`${proxied}/mirror`, { method, headers });
      outgoing.end(Buffer.alloc(8 * 1024 * 1024, 'x'));
      let length = 0;
      for await (const part of await answerOf(outgoing)) length += (part as Buffer).length;
      expect([method, length]).toEqual([method, 8 * 1024 * 1024]);
    }
  });

  test('that the backend does not read leaves the connection fit for the next request', async () => {
    const outgoing = ask(`${proxied}/early`, { method: 'POST', agent });
    outgoing.write(Buffer.alloc(1024 * 1024));
    const answer = await answerOf(outgoing);
    expect([answer.statusCode, await text(answer)]).toEqual([413, 'enough']);
    outgoing.end(Buffer.alloc(1024 * 1024));
    expect(await arrivedAt(`${proxied}/next`, { agent })).toBe('/next');
  });
});

describe('of an answer', () => {
  test('cookies have a line each, those of ours and what is the hop’s stay behind', async () => {
    const answer = await answerOf(ask(`${proxied}/cookies`).end());
    answer.resume();
    expect(answer.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2, 3']);
    for (const name of ['x-hop', 'proxy-authenticate', 'access-control-allow-origin'])
      expect(answer.headers[name]).toBeUndefined();
    expect(answer.headers['access-control-max-age']).toBe('9');
  });

  test('what follows its body comes back as well', async () => {
    const answer = await answerOf(ask(`${proxied}/trailers`).end());
    expect([await text(answer), answer.trailers]).toEqual(['body', { 'x-sum': '1' }]);
  });

  test('that is packed the links are rewritten, too', async () => {
    const answer = await answerOf(ask(`${proxied}/packed`).end());
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    expect([answer.headers['content-encoding'], answer.headers['content-length']]).toEqual(['gzip', undefined]);
    expect(gunzipSync(Buffer.concat(parts)).toString()).toBe(`<a href="${proxied}/next">next</a>`);
  });
});

test('an application’s page of another type goes by as it is', async () => {
  expect(await text(await answerOf(ask(`${proxied}/xhtml`).end()))).toBe('<a href="/next">next</a>');
});
