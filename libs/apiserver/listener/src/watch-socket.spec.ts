import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { WatchResponse, WatchSink } from '@kubernest/apiserver/contract';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createListener, type Listener } from './create-listener.ts';

const controller = new AbortController();
const ctx: Context = { signal: controller.signal, clock: systemClock, log: silentLogger };
let listener: Listener;
afterEach(async () => {
  listener.server.closeAllConnections();
  await new Promise((resolve) => listener.server.close(resolve));
});

/** A server whose every answer is this watch; `run` is what it does with its watcher. */
async function serve(contentType: string, run: WatchResponse['run']): Promise<string> {
  const answer: WatchResponse = { kind: 'watch', status: 200, headers: { 'content-type': contentType }, run };
  listener = createListener({ handler: { handle: async () => answer } as never }, ctx);
  listener.server.listen(0, '127.0.0.1');
  await once(listener.server, 'listening');
  return `ws://127.0.0.1:${(listener.server.address() as AddressInfo).port}/api/v1/pods?watch=1`;
}

async function received(socket: WebSocket): Promise<{ messages: unknown[]; code: number }> {
  const messages: unknown[] = [];
  socket.on('message', (data, binary) => messages.push(binary ? data : String(data)));
  const [code] = await once(socket, 'close');
  return { messages, code };
}

test('every event is a text message, also of those written at once, and the end of the watch closes the socket', async () => {
  const url = await serve('application/json', async (sink) => {
    sink.writeBytes?.(Buffer.from('{"type":"ADDED"}\n{"type":"MODIFIED"}\n'));
    await sink.drained?.();
    sink.writeBytes?.(Buffer.from('{"type":"DELETED"}\n'));
  });
  const socket = new WebSocket(url);
  expect(await received(socket)).toEqual({
    messages: ['{"type":"ADDED"}\n', '{"type":"MODIFIED"}\n', '{"type":"DELETED"}\n'],
    code: 1000,
  });
});

test('protobuf events are binary messages without their length', async () => {
  const frames = Buffer.from([0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9]);
  const url = await serve('application/vnd.kubernetes.protobuf;stream=watch', async (sink) => {
    sink.writeBytes?.(frames);
  });
  const { messages } = await received(new WebSocket(url));
  expect(messages).toEqual([Buffer.of(7, 8), Buffer.of(9)]);
});

test('whatever protocol a client names is agreed to', async () => {
  const socket = new WebSocket(await serve('application/json', async () => {}), ['base64.binary.k8s.io']);
  await received(socket);
  expect(socket.protocol).toBe('base64.binary.k8s.io');
});

test('a client that goes away ends its watch', async () => {
  let ended: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    ended = resolve;
  });
  let sink: WatchSink | undefined;
  const url = await serve('application/json', async (given, { signal }) => {
    sink = given;
    given.writeBytes?.(Buffer.from('{}\n'));
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    ended();
  });
  const socket = new WebSocket(url);
  await once(socket, 'message');
  socket.close();
  await gone;
  expect(sink?.writeBytes?.(Buffer.from('{}\n'))).toBe(false);
});
