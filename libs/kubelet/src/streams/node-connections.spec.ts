import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Context, Current, silentLogger, systemClock } from '@kubernest/kit';
import {
  apiserverKubeletClientIdentity,
  issueAuthority,
  issueCertificate,
  kubeletServingIdentity,
} from '@kubernest/pki';
import { kernelTimer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podOf, ready, TestKubelet } from '../testing/kubelet.ts';
import { NODES, type Node } from '../types.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
let kubelet: TestKubelet;
let agent: Agent;
let port: number | undefined;
/** The agent's ends of its connections. */
const served = new Set<Socket>();
/** When the agent is done with the last request: its client may have the whole answer before. */
let over: Promise<unknown> | undefined;
const note = (message: unknown) => {
  const { socket, response } = message as { readonly socket: Socket; readonly response: ServerResponse };
  if (socket.localPort !== port) return;
  served.add(socket);
  over = once(response, 'close');
};
subscribe('http.server.request.start', note);
beforeAll(async () => {
  const authority = await issueAuthority('test', ctx);
  const serving = await issueCertificate(authority, kubeletServingIdentity('n1', ['127.0.0.1']), ctx);
  const { certificate, key } = await issueCertificate(authority, apiserverKubeletClientIdentity, ctx);
  const ca = authority.certificate;
  const tls = new Current({ cert: serving.certificate, key: serving.key, clientCa: ca });
  kubelet = new TestKubelet(systemClock, () => ({ server: { port: 0, tls } }));
  await kubelet.open();
  await kubelet.create(podOf());
  await kubelet.untilPod(ready);
  const node = await kubelet.until<Node>(NODES, 'metadata.name=n1', (each) => each !== undefined);
  port = node?.status?.daemonEndpoints?.kubeletEndpoint?.Port;
  agent = new Agent({ keepAlive: true, maxSockets: 1, ca, cert: certificate, key });
});
afterAll(async () => {
  unsubscribe('http.server.request.start', note);
  agent?.destroy();
  await kubelet?.close();
});

async function ask(path: string, method: string, body?: string): Promise<number | undefined> {
  const outgoing = request({ host: '127.0.0.1', port, agent, path, method }).end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  await text(answer);
  if (!outgoing.writableFinished) await once(outgoing, 'finish');
  await over;
  return answer.statusCode;
}
const listeners = () =>
  [...served].map((socket) => socket.eventNames().map((name) => `${String(name)} ${socket.listenerCount(name)}`));

describe('of a kept connection with the agent, no listener is left by', () => {
  it.each([
    ['GET', '/pods', 200],
    ['HEAD', '/pods', 200],
    ['GET', '/healthz', 200],
    ['GET', '/metrics', 200],
    ['GET', '/stats/summary', 200],
    ['GET', '/containerLogs/default/p/main', 200],
    ['GET', '/containerLogs/default/p/none', 404],
    ['GET', '/containerLogs/default/p/main?tailLines=x', 400],
    ['GET', '/nothing', 404],
    ['HEAD', '/nothing', 404],
    ['GET', '/exec/default/p/main?command=x', 400],
    ['POST', '/run/default/p/main?cmd=true', 200],
    ['PUT', '/pods', 404],
  ])('%s %s', async (method, path, status) => {
    // A body that nobody reads, where there may be one.
    const body = method === 'POST' || method === 'PUT' ? 'x'.repeat(200_000) : undefined;
    expect(await ask(path, method, body)).toBe(status);
    const before = listeners();
    for (let times = 0; times < 5; times++) await ask(path, method, body);
    expect(listeners()).toEqual(before);
    expect(served.size).toBe(1);
  });
});

it('of a client that vanishes the kernel learns, however quiet the connection is', async () => {
  await ask('/pods', 'GET');
  expect(await Promise.all([...served].map(kernelTimer))).toEqual(['keepalive']);
});
