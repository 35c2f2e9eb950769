import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
let echo: readonly RequestListener[];
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());
beforeEach(() => {
  echo = space.backend.listeners('request') as RequestListener[];
  space.backend.removeAllListeners('request');
  // Says that it will answer, and does not.
  space.backend.on('request', (_request, response) => response.writeEarlyHints({ link: '</a>; rel=preload' }));
});
afterEach(() => {
  space.backend.removeAllListeners('request');
  for (const listener of echo) space.backend.on('request', listener);
});

async function asking() {
  const client = connect(space.port, '127.0.0.1').on('error', () => {});
  const asked = once(space.backend, 'request') as Promise<[IncomingMessage]>;
  client.write(`GET ${pods}/one/proxy/hang HTTP/1.1\r\nHost: x\r\nX-User: ann\r\nConnection: close\r\n\r\n`);
  const [{ socket }] = await asked;
  return { client, hungUp: once(socket, 'close') };
}

test('a backend that has not answered yet is hung up on when its client ends its connection', async () => {
  const { client, hungUp } = await asking();
  client.destroy();
  await hungUp;
});

test('or has closed its side of it, and is told that nobody waits any more', async () => {
  const { client, hungUp } = await asking();
  const heard = text(client);
  client.end();
  await hungUp;
  expect(await heard).toMatch(/^HTTP\/1\.1 503 .*error trying to reach service: context canceled/s);
});
