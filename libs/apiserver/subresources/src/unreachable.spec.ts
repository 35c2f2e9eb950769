import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from './space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
  const daemonEndpoints = { kubeletEndpoint: { Port: 7 } };
  await space.makeNode('down', { addresses: [{ type: 'InternalIP', address: '10.0.0.7' }], daemonEndpoints });
  await space.makePod('lost', { nodeName: 'down' }, { podIP: '10.0.0.8', phase: 'Running' });
});
afterAll(() => space[Symbol.asyncDispose]());

const agent = 'dial tcp 10.0.0.7:7: connect: connection refused';
const proxied = 'error trying to reach service: ';

/** The Status that a client gets who asks in that way. */
async function answered(path: string, headers: Record<string, string> = {}) {
  const outgoing = request({ port: space.port, host: '127.0.0.1', path, headers: { 'x-user': 'ann', ...headers } });
  const [answer] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
  return JSON.parse(await text(answer)) as object;
}

test.each([
  [`${pods}/lost:7/proxy/`, 503, 'ServiceUnavailable', `${proxied}dial tcp 10.0.0.8:7: connect: connection refused`],
  ['/api/v1/nodes/down/proxy/', 503, 'ServiceUnavailable', proxied + agent],
  [
    `${pods}/lost/log?follow=true`,
    500,
    undefined,
    `Get "https://10.0.0.7:7/containerLogs/space/lost/c?follow=true": ${agent}`,
  ],
])('who asks for %s of somebody who is not there is told so: %d', async (path, code, reason, message) => {
  const status = await answered(path);
  expect(status).toMatchObject({ kind: 'Status', code, message });
  expect((status as { reason?: string }).reason).toBe(reason);
});

test.each(['exec?command=ls', 'attach', 'portforward'])(
  'an upgrade (%s) that reaches nobody is answered in Kubernetes’ words',
  async (name) => {
    const status = await answered(`${pods}/lost/${name}`, { connection: 'Upgrade', upgrade: 'websocket' });
    expect(status).toMatchObject({ code: 500, message: `error dialing backend: ${agent}` });
    expect(status).not.toHaveProperty('reason');
  },
);
