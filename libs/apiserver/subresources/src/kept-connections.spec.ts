import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from './space.fixture.ts';

const TIMES = 5;
const MIB = 1024 * 1024;

let space: TestSpace;
/** What admission has been asked and does not answer. */
let waiting: () => void = () => {};
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
beforeAll(async () => {
  const waits = { name: 'waits', sees: { resources: ['configmaps'], on: ['create'] as const } };
  const validate = ({ info }: { readonly info: { readonly namespace?: string } }) => {
    if (info.namespace !== 'late') return;
    waiting();
    return new Promise<void>(() => {});
  };
  space = await testSpace({ keepsConnections: true, plugins: [{ ...waits, validate } as never] });
  await space.make('/api/v1/namespaces', { metadata: { name: 'late' } });
});
afterAll(async () => {
  agent.destroy();
  await space[Symbol.asyncDispose]();
});

interface Asked extends Pick<RequestOptions, 'method' | 'headers'> {
  readonly path: string;
  readonly body?: string;
  /** Sent without its length. */
  readonly chunked?: boolean;
}

async function answerOf({ path, body, chunked, headers, method = 'GET' }: Asked): Promise<string> {
  const length = body && !chunked ? { 'content-length': Buffer.byteLength(body) } : {};
  const outgoing = request({
    ...{ port: space.port, host: '127.0.0.1', agent, path, method },
    headers: { 'x-user': 'ann', 'content-type': 'application/json', ...length, ...headers },
  });
  if (body && chunked) outgoing.write(body);
  outgoing.end(chunked ? undefined : body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  await text(answer);
  // The connection is another's only when the body has gone, too.
  if (!outgoing.writableFinished) await once(outgoing, 'finish');
  return `${answer.statusCode}`;
}

/** Once the exchanges before are over on the server's side, too: it answers the requests of a connection one after the other. */
async function listeners() {
  expect(await answerOf({ path: '/version' })).toBe('200');
  return Object.entries(space.sockets).flatMap(([side, sockets]) =>
    sockets
      .filter((socket) => !socket.destroyed)
      .map((socket) => [side, socket.eventNames().map((name) => `${String(name)} ${socket.listenerCount(name)}`)]),
  );
}

const maps = '/api/v1/namespaces/space/configmaps';
const object = (over = {}) => JSON.stringify({ metadata: { generateName: 'x-' }, ...over });
const large = object({ data: { x: 'x'.repeat(MIB) } });
const tooLarge = object({ data: { x: 'x'.repeat(4 * MIB) } });
const post = (path: string, body: string, over: Partial<Asked> = {}): Asked => ({
  method: 'POST',
  path,
  body,
  ...over,
});
const proxied = `${pods}/one/proxy`;

describe('of a kept connection, no listener is left by', () => {
  test.each<[string, string, Asked]>([
    ['GET', '200', { path: pods }],
    ['HEAD', '200', { path: '/version', method: 'HEAD' }],
    ['a small body', '201', post(maps, object())],
    ['a small body without its length', '201', post(maps, object(), { chunked: true })],
    ['a large body', '201', post(maps, large)],
    ['a body that cannot be read', '400', post(maps, '{"')],
    ['a body that says it is too large', '413', post(maps, tooLarge)],
    ['a body that turns out too large', '413', post(maps, tooLarge, { chunked: true })],
    ['a body nobody wants', '403', post(maps, large, { headers: { 'x-user': 'reader' } })],
    ['what is nowhere', '404', { path: '/nothing' }],
    ['a watch', '200', { path: `${maps}?watch=1&timeoutSeconds=1` }],
    ['a log', '200', { path: `${pods}/one/log` }],
    ['a log that is refused', '400', { path: `${pods}/waiting/log` }],
    ['what is proxied', '200', { path: `${proxied}/page` }],
    ['a body that is proxied', '200', post(`${proxied}/mirror`, large)],
    ['a body that is proxied as it comes', '200', post(`${proxied}/mirror`, large, { chunked: true })],
    ['an answer that is packed', '200', { path: `${proxied}/packed` }],
    ['what is above its deadline', '504', post('/api/v1/namespaces/late/configmaps', object())],
  ])('%s', async (_name, status, asked) => {
    const ask = async () => {
      const late = new Promise<void>((resolve) => {
        waiting = resolve;
      });
      const answer = answerOf(asked);
      if (asked.path.includes('watch')) await passing(answer, 1000);
      if (status === '504') {
        await late;
        await space.clock.advance(60_000);
      }
      expect(await answer).toBe(status);
    };
    await ask();
    const before = await listeners();
    const connections = () => Object.values(space.sockets).map((each) => each.length);
    const made = connections();
    for (let times = 0; times < TIMES; times++) await ask();
    expect(await listeners()).toEqual(before);
    expect(connections()).toEqual(made);
  });
});

/** Lets time pass, so long at once, until it is there. */
async function passing(awaited: Promise<unknown>, step: number): Promise<void> {
  let there = false;
  const noted = awaited.finally(() => {
    there = true;
  });
  while (!there) {
    await space.clock.advance(step);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await noted;
}
