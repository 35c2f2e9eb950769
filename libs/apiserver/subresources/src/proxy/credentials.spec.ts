import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

const token = `base64url.bearer.authorization.k8s.io.${Buffer.from('s3cret').toString('base64url')}`;
const sent = {
  authorization: 'Bearer s3cret',
  cookie: ['kubernest-session=s3cret', 'theirs=s3cret'],
  'impersonate-user': 's3cret',
  'impersonate-group': ['s3cret', 'other'],
  'impersonate-uid': 's3cret',
  'impersonate-extra-scopes': 's3cret',
  'proxy-authorization': 's3cret',
  'x-named': 's3cret',
  te: 's3cret',
  'x-forwarded-for': '192.0.2.1',
  'x-mine': ['a', 'b'],
  host: 'api.example:6443',
  'user-agent': 'tester',
};
const arrived = {
  'x-user': 'ann',
  'x-forwarded-for': '192.0.2.1, 127.0.0.1',
  'x-mine': 'a, b',
  host: 'api.example:6443',
  'user-agent': 'tester',
};

/** What the backend has seen of a request, plain or upgraded. */
async function seenOf(path: string, headers: Record<string, string | string[]>): Promise<IncomingHttpHeaders> {
  const outgoing = request({ port: space.port, host: '127.0.0.1', path, headers: { 'x-user': 'ann', ...headers } });
  outgoing.end();
  if (!headers['upgrade']) {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return JSON.parse(/\{.*\}/.exec(await text(response))![0]) as IncomingHttpHeaders;
  }
  const [, socket, head] = (await once(outgoing, 'upgrade')) as [IncomingMessage, Socket, Buffer];
  const seen = JSON.parse(head.toString() + (await text(socket))) as { readonly headers: IncomingHttpHeaders };
  socket.destroy();
  return seen.headers;
}

const ways = [`${pods}/one/proxy/`, '/api/v1/nodes/n/proxy/'];

test.each(ways)('nobody’s credentials travel on through %s, and everything else does', async (path) => {
  const seen = await seenOf(path, { ...sent, connection: 'x-named, close' });
  expect(seen).toEqual({ ...arrived, connection: expect.anything(), 'x-forwarded-uri': path });
});

const webSocket = {
  connection: 'Upgrade, x-named',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

test.each([...ways, `${pods}/one/exec?command=ls`, `${pods}/one/attach`, `${pods}/one/portforward`])(
  'nor with an upgrade through %s',
  async (path) => {
    const seen = await seenOf(path, {
      ...sent,
      ...webSocket,
      'sec-websocket-protocol': ['v5.channel.k8s.io', `${token}, mine`],
    });
    expect(JSON.stringify(seen)).not.toContain('s3cret');
    expect(seen).toEqual({
      ...arrived,
      ...webSocket,
      connection: 'Upgrade',
      'sec-websocket-protocol': 'v5.channel.k8s.io, mine',
    });
  },
);

test.each([
  [[token], undefined],
  [[token.toUpperCase()], undefined],
  [[`a, ${token}`, token], 'a'],
  [['a', 'b,c'], 'a, b,c'],
])('of the subprotocols %j there arrive %j', async (protocols, expected) => {
  const seen = await seenOf(ways[0]!, { ...webSocket, 'sec-websocket-protocol': protocols });
  expect(seen['sec-websocket-protocol']).toBe(expected);
});
