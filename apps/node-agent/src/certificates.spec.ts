import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { renderKubeconfig } from '@kubernest/client';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import {
  followedTransport,
  issueAuthority,
  issueCertificate,
  kubeletServingIdentity,
  renewalTime,
} from '@kubernest/pki';
import { expect, it, onTestFinished } from 'vitest';
import { followedServing } from './certificates.ts';
import { type DockerConfig, servingFile } from './config.ts';

/** A server that serves with the node's own certificate and tells callers who they are. */
async function machine() {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-agent-'));
  const clock = new FakeClock(new Date());
  const stop = new AbortController();
  const ctx: Context = { signal: stop.signal, clock, log: silentLogger };
  // TLS goes by the machine's own time, whatever the agent's clock says.
  const now: Context = { ...ctx, clock: new FakeClock(new Date()) };
  const ca = await issueAuthority('test', now);
  const config = { kubeconfig: join(dir, 'kubeconfig') } as DockerConfig;
  const server = createServer({ requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const caller = (request.socket as TLSSocket).getPeerCertificate().subject.CN;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ caller }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    stop.abort();
    server.closeAllConnections();
    server.close();
    rmSync(dir, { recursive: true });
  });
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lay = async (name: string): Promise<string> => {
    const client = await issueCertificate(ca, { commonName: name, usage: 'client' }, now);
    const serving = await issueCertificate(ca, kubeletServingIdentity('n1', ['127.0.0.1']), now);
    const kubeconfig = { name: 'c', server: address, ca: ca.certificate, cert: client.certificate, key: client.key };
    writeFileSync(config.kubeconfig, renderKubeconfig(kubeconfig));
    writeFileSync(servingFile(config, 'key'), serving.key);
    writeFileSync(servingFile(config, 'crt'), serving.certificate);
    return serving.certificate;
  };
  return { config, clock, ctx, ca: ca.certificate, server, lay };
}

it('an agent takes up the certificates that were renewed in its files, to call and to serve', async () => {
  const { config, clock, ctx, ca, server, lay } = await machine();
  const first = await lay('old');
  const serving = followedServing(config, ca);
  const { transport, follower } = followedTransport(config.kubeconfig);
  const use = () => server.setSecureContext({ ...serving.tls.value, ca: serving.tls.value.clientCa });
  use();
  serving.tls.follow(use);
  await Promise.all([follower.start(ctx), serving.follower.start(ctx)]);
  const whoAmI = async () => (await transport.call({ method: 'GET', path: '/' }, ctx)).object;
  expect(await whoAmI()).toEqual({ caller: 'old' });

  await clock.advance(renewalTime(first).getTime() - clock.now().getTime() - 1000);
  const second = await lay('new');
  expect(serving.tls.value.cert).toBe(first);
  await clock.advance(1000);
  expect(serving.tls.value.cert).toBe(second);
  expect(await whoAmI()).toEqual({ caller: 'new' });
  transport.close();
});
