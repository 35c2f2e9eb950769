import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { type Context, Current, FakeClock, silentLogger } from '@kubernest/kit';
import { issueAuthority, issueCertificate, kubeletServingIdentity } from '@kubernest/pki';
import { expect, it, onTestFinished } from 'vitest';
import { type NodeServerOptions, serveNode } from './node-server.ts';

/** An agent's server, and how to make another certificate for it. */
async function serving() {
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
  onTestFinished(async () => {
    stop.abort();
    await Promise.all(background);
  });
  return { tls, issue, connect: () => connect({ port, host: '127.0.0.1', ca: authority.certificate }) };
}

it('a renewed certificate serves the next connection', async () => {
  const { tls, issue, connect } = await serving();
  const served = async () => {
    const socket = connect();
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
});

const smuggled = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
it.each(['content-length', 'transfer-encoding', 'host', 'Upgrade, content-length'])(
  'a body is no request of its own, though Connection names %s',
  async (named) => {
    const { connect } = await serving();
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']) {
      const socket = connect();
      const heard = text(socket);
      const head = [`${method} /pods HTTP/1.1`, 'Host: x', 'Upgrade: SPDY/3.1', `Content-Length: ${smuggled.length}`];
      socket.write(`${[...head, 'Connection: close', `Connection: ${named}`].join('\r\n')}\r\n\r\n${smuggled}`);
      expect((await heard).match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 401']);
    }
  },
);
