import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type ApiServer, jsonResponse } from '@kubernest/apiserver/contract';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { issueAuthority, issueCertificate } from '@kubernest/pki';
import { expect, test } from 'vitest';
import { createListener } from './create-listener.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };

/** On a thread of its own, as what comes next must come while the last answer is still on its way. */
const client = `
const { parentPort, workerData } = require('node:worker_threads');
const { Agent, request } = require('node:https');
const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: workerData.ca });
const post = (n) => {
  const sent = request({ port: workerData.port, host: '127.0.0.1', method: 'POST', path: '/api/v1/x', agent }, (answer) => {
    answer.resume().on('end', () => (n === workerData.requests ? parentPort.postMessage('all answered') : post(n + 1)));
  });
  sent.on('error', (error) => parentPort.postMessage('request ' + n + ': ' + error.message));
  sent.end('x'.repeat(workerData.bytes));
};
post(1);
`;

test('one large request after another on one connection is answered, however soon it comes', async () => {
  const bytes = 100_000;
  const handler: Pick<ApiServer, 'handle'> = {
    async handle(request) {
      const body = await request.body();
      await new Promise((resolve) => setImmediate(resolve));
      return jsonResponse(201, Buffer.from(body).toString());
    },
  };
  const ca = await issueAuthority('test', ctx);
  const serving = await issueCertificate(ca, { commonName: 'api', ipAddresses: ['127.0.0.1'], usage: 'server' }, ctx);
  const tls = { key: serving.key, cert: serving.certificate };
  const { server } = createListener({ tls, handler: handler as ApiServer }, ctx);
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const worker = new Worker(client, { eval: true, workerData: { port, ca: ca.certificate, requests: 1000, bytes } });
    expect(await once(worker, 'message')).toEqual(['all answered']);
    await worker.terminate();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
