import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { type Context, Current, FakeClock, silentLogger } from '@kubernest/kit';
import { issueAuthority, issueCertificate, kubeletServingIdentity } from '@kubernest/pki';
import { expect, it } from 'vitest';
import { type NodeServerOptions, serveNode } from './node-server.ts';

it('a renewed certificate serves the next connection', async () => {
  const stop = new AbortController();
  const ctx: Context = { signal: stop.signal, clock: new FakeClock(new Date()), log: silentLogger };
  const authority = await issueAuthority('test', ctx);
  const issue = async () => {
    const { certificate, key } = await issueCertificate(authority, kubeletServingIdentity('n1', ['127.0.0.1']), ctx);
    return { cert: certificate, key, clientCa: authority.certificate };
  };
  const tls = new Current(await issue());
  const background: Promise<unknown>[] = [];
  const options = { port: 0, tls, background, parts: { nodeName: 'n1' } } as unknown as NodeServerOptions;
  const port = await serveNode(options, ctx);
  const served = async () => {
    const socket = connect({ port, host: '127.0.0.1', ca: authority.certificate });
    await once(socket, 'secureConnect');
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  };
  const serialOf = ({ cert }: { readonly cert: string }) => new X509Certificate(cert).serialNumber;
  const [first, second] = [tls.value, await issue()];
  expect(await served()).toBe(serialOf(first));
  tls.replace(second);
  expect(await served()).toBe(serialOf(second));
  stop.abort();
  await Promise.all(background);
});
