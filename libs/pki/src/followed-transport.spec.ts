import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { renderKubeconfig } from '@kubernest/client';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it, onTestFinished } from 'vitest';
import { issueAuthority, issueCertificate } from './certificate.ts';
import { renewalTime } from './certificate-check.ts';
import { followedTransport } from './followed-transport.ts';
import { kubeletServingIdentity } from './identities.ts';

it('an agent takes up the certificate that was renewed in its kubeconfig, to call with', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-followed-'));
  const clock = new FakeClock(new Date());
  const stop = new AbortController();
  const ctx: Context = { signal: stop.signal, clock, log: silentLogger };
  // TLS goes by the machine's own time, whatever the agent's clock says.
  const now: Context = { ...ctx, clock: new FakeClock(new Date()) };
  const ca = await issueAuthority('test', now);
  const serving = await issueCertificate(ca, kubeletServingIdentity('n1', ['127.0.0.1']), now);
  const tls = { cert: serving.certificate, key: serving.key, ca: ca.certificate, requestCert: true };
  const server = createServer(tls, (request, response) => {
    const caller = (request.socket as TLSSocket).getPeerCertificate().subject.CN;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ caller }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    stop.abort();
    server.closeAllConnections();
    server.close();
    rmSync(dir, { recursive: true });
  });
  const file = join(dir, 'kubeconfig');
  const lay = async (name: string): Promise<string> => {
    const { certificate, key } = await issueCertificate(ca, { commonName: name, usage: 'client' }, now);
    const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(file, renderKubeconfig({ name: 'c', server: address, ca: ca.certificate, cert: certificate, key }));
    return certificate;
  };
  const first = await lay('old');
  const { transport, follower } = followedTransport(file);
  await follower.start(ctx);
  const whoAmI = async () => (await transport.call({ method: 'GET', path: '/' }, ctx)).object;
  expect(await whoAmI()).toEqual({ caller: 'old' });
  await clock.advance(renewalTime(first).getTime() - clock.now().getTime() - 1000);
  await lay('new');
  expect(await whoAmI()).toEqual({ caller: 'old' });
  await clock.advance(1000);
  expect(await whoAmI()).toEqual({ caller: 'new' });
  transport.close();
});
