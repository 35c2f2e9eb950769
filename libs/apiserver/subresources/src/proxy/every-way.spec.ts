import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { container, pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
  const named = (name: string, containerPort: number) => ({ name, containerPort });
  const ports = [named('web', 8080), named('tls', 8443)];
  const podIP = '10.0.0.1';
  await space.makePod(
    'app',
    { nodeName: 'n', containers: [{ ...container('c'), ports }] },
    { podIP, podIPs: [{ ip: podIP }], phase: 'Running' },
  );
  await space.make('/api/v1/namespaces/space/services', {
    metadata: { name: 'app' },
    spec: {
      ports: [
        { name: 'web', port: 80 },
        { name: 'tls', port: 443 },
      ],
    },
  });
  await space.make('/apis/discovery.k8s.io/v1/namespaces/space/endpointslices', {
    metadata: { name: 'app', labels: { 'kubernetes.io/service-name': 'app' } },
    addressType: 'IPv4',
    ports: [
      { name: 'web', port: 8080 },
      { name: 'tls', port: 8443 },
    ],
    endpoints: [{ addresses: [podIP], targetRef: { kind: 'Pod', namespace: 'space', name: 'app' } }],
  });
});
afterAll(() => space[Symbol.asyncDispose]());

/** Where the way leads; behind 8443 and 10250 only TLS is spoken. */
const ways: readonly (readonly [string, string])[] = [
  ['/api/v1/nodes/n', '10.0.0.9:10250'],
  ['/api/v1/nodes/https:n:10250', '10.0.0.9:10250'],
  ['/api/v1/nodes/n:9100', '10.0.0.9:9100'],
  ['/api/v1/nodes/http:n:9100', '10.0.0.9:9100'],
  ['/api/v1/nodes/https:n:8443', '10.0.0.9:8443'],
  [`${pods}/app`, '10.0.0.1:8080'],
  [`${pods}/app:8080`, '10.0.0.1:8080'],
  [`${pods}/app:web`, '10.0.0.1:8080'],
  [`${pods}/http:app:9999`, '10.0.0.1:9999'],
  [`${pods}/https:app:8443`, '10.0.0.1:8443'],
  [`${pods}/https:app:tls`, '10.0.0.1:8443'],
  ['/api/v1/namespaces/space/services/app:80', '10.0.0.1:8080'],
  ['/api/v1/namespaces/space/services/app:web', '10.0.0.1:8080'],
  ['/api/v1/namespaces/space/services/http:app:web', '10.0.0.1:8080'],
  ['/api/v1/namespaces/space/services/https:app:443', '10.0.0.1:8443'],
  ['/api/v1/namespaces/space/services/https:app:tls', '10.0.0.1:8443'],
];

const ask = (path: string, options: RequestOptions = {}) =>
  request({
    ...{ port: space.port, host: '127.0.0.1', path, maxHeaderSize: 1024 * 1024, ...options },
    headers: { 'x-user': 'ann', ...options.headers },
  });
const answerOf = async (outgoing: ReturnType<typeof ask>): Promise<IncomingMessage> =>
  ((await once(outgoing, 'response')) as [IncomingMessage])[0];

describe.each(ways)('through %s to %s', (object, expected) => {
  const proxied = `${object}/proxy`;

  test('every verb goes with path, query and body, and comes back', async () => {
    space.dialled.length = 0;
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
    for (const method of methods) {
      const sent = method === 'GET' || method === 'HEAD' ? '' : 'sent';
      const headers = { 'content-length': sent.length };
      const answer = await answerOf(ask(`${proxied}/a%2Fb//?q=%20+&&`, { method, headers }).end(sent));
      const seen = await text(answer);
      expect([method, answer.statusCode]).toEqual([method, 200]);
      expect(seen.startsWith(method === 'HEAD' ? '' : `${method} /a%2Fb//?q=%20+&& ${sent} `)).toBe(true);
    }
    expect(space.dialled).toEqual(methods.map(() => expected));
  });

  test('bodies stream both ways at once', async () => {
    const outgoing = ask(`${proxied}/mirror`, { method: 'POST' });
    outgoing.write('first');
    const answer = await answerOf(outgoing);
    const parts = answer[Symbol.asyncIterator]();
    for (const word of ['first', 'second']) {
      if (word !== 'first') outgoing.write(word);
      expect(String((await parts.next()).value)).toBe(word);
    }
    outgoing.end();
    expect((await parts.next()).done).toBe(true);
  });

  test.each(['GET', 'POST'])('a connection is upgraded by %s', async (method) => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const outgoing = ask(`${proxied}/ws?x`, { method, headers }).end();
    const [, socket, head] = (await once(outgoing, 'upgrade')) as [IncomingMessage, Socket, Buffer];
    expect(JSON.parse(String(head) + (await text(socket)))).toMatchObject({ url: '/ws?x' });
    socket.destroy();
  });

  test('redirections, links and the first page lead through it', async () => {
    const headed = async (path: string) => {
      const answer = await answerOf(ask(path).end());
      answer.resume();
      return [answer.statusCode, answer.headers.location];
    };
    expect(await headed(`${proxied}/old`)).toEqual([302, `${proxied}/new`]);
    expect(await headed(`${proxied}?a=b`)).toEqual([301, `${proxied}/?a=b`]);
    expect(await text(await answerOf(ask(`${proxied}/page`).end()))).toBe(`<a href="${proxied}/next">next</a>`);
  });

  test('a head may be as large as that of a request', async () => {
    const answer = await answerOf(ask(`${proxied}/long-head`).end());
    answer.resume();
    expect([answer.statusCode, answer.headers['x-long']?.length]).toEqual([200, 200_000]);
  });
});
