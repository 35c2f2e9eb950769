import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@kubernest/client';
import { type CertificateSigningRequest, parseCertificateRequest } from '@kubernest/kinds';
import { type Context, childContext, FakeClock, silentLogger } from '@kubernest/kit';
import { type CertifiedKey, issueAuthority, kubeletServingIdentity, signCertificate, whyReissue } from '@kubernest/pki';
import { expect, it, onTestFinished } from 'vitest';
import { startApi } from '../testing/api.ts';
import { renewalOf } from './renewal.ts';
import { ServingCertificate } from './serving-certificate.ts';

const REQUESTS = { group: 'certificates.k8s.io', version: 'v1', resource: 'certificatesigningrequests' };
const ips = ['192.0.2.1', 'fd00::1'];
const identity = kubeletServingIdentity('n1', ips);

interface Machine {
  readonly client: Client;
  readonly ctx: Context & { readonly clock: FakeClock };
  readonly authority: CertifiedKey;
  open(): Promise<ServingCertificate>;
  /** What the agent asks for next. */
  asked(seen?: readonly string[]): Promise<CertificateSigningRequest>;
  answer(csr: CertificateSigningRequest, condition: 'Approved' | 'Denied'): Promise<void>;
}

async function machine(): Promise<Machine> {
  const { ctx: base, controller } = childContext({
    signal: new AbortController().signal,
    clock: new FakeClock(new Date()),
    log: silentLogger,
  });
  const ctx = base as Machine['ctx'];
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-serving-'));
  onTestFinished(() => {
    controller.abort();
    rmSync(dir, { recursive: true });
  });
  const client = await startApi(ctx);
  const authority = await issueAuthority('ca', ctx);
  const files = { certificate: join(dir, 'kubelet.crt'), key: join(dir, 'kubelet.key') };
  const requests = client.resource<CertificateSigningRequest>(REQUESTS);
  return {
    client,
    ctx,
    authority,
    open: () =>
      ServingCertificate.open(
        { nodeName: 'n1', nodeIPs: ips, files, clusterCa: authority.certificate, random: () => 0.5 },
        ctx,
      ),
    async asked(seen = []) {
      const watching = childContext(ctx);
      const found = Promise.withResolvers<CertificateSigningRequest>();
      const watch = requests.watch(
        {},
        ({ type, object }) => {
          if (type === 'ADDED' && !seen.includes(object.metadata.name!)) found.resolve(object);
        },
        watching.ctx,
      );
      watch.catch((error: unknown) => found.reject(error));
      return found.promise.finally(() => watching.controller.abort());
    },
    async answer(csr, type) {
      const key = { name: csr.metadata.name! };
      const conditions = [{ type, status: 'True', reason: 'Test', message: 'so' }];
      const decided = await requests.subresource<CertificateSigningRequest>(
        key,
        'approval',
        'PUT',
        { ...csr, status: { conditions } } as never,
        ctx,
      );
      if (type === 'Denied') return;
      const { usages = [], request } = csr.spec;
      const terms = { ...parseCertificateRequest(request), usages, lifetime: 3_600_000 };
      const pem = await signCertificate(authority, terms, ctx);
      const certificate = Buffer.from(pem).toString('base64');
      await requests.updateStatus({ ...decided, status: { ...decided.status, certificate } }, {}, ctx);
    },
  };
}

/** Resolves with what it serves with next. */
const next = (serving: ServingCertificate): Promise<string> =>
  new Promise((resolve) => {
    const unfollow = serving.tls.follow(({ cert }) => {
      unfollow();
      resolve(cert);
    });
  });

it('a kubelet serves with a certificate of its own making until the cluster has signed one for its name and addresses', async () => {
  const { client, ctx, authority, open, asked, answer } = await machine();
  const serving = await open();
  const own = next(serving);
  void serving.keep(client, ctx);
  const first = new X509Certificate(await own);
  expect(first.checkIssued(first)).toBe(true);
  const csr = await asked();
  expect(csr.spec).toMatchObject({
    signerName: 'kubernetes.io/kubelet-serving',
    usages: ['digital signature', 'server auth'],
  });
  const signed = next(serving);
  await answer(csr, 'Approved');
  const certificate = await signed;
  const { key } = serving.tls.value;
  expect(whyReissue({ certificate, key }, identity, authority.certificate, ctx.clock.now())).toBeUndefined();
});

it('one that starts again serves with what it has and asks for nothing before it is due', async () => {
  const { client, ctx, open, asked, answer } = await machine();
  const before = await open();
  const ended = childContext(ctx);
  void before.keep(client, ended.ctx);
  const csr = await asked();
  const signed = next(before);
  await answer(csr, 'Approved');
  const first = await signed;
  ended.controller.abort();

  const serving = await open();
  expect(serving.tls.value.cert).toBe(first);
  void serving.keep(client, ctx);
  const due = renewalOf(first, 0.5).getTime() - ctx.clock.now().getTime();
  await ctx.clock.advance(due - 60_000);
  const all = await client.resource(REQUESTS).list({}, ctx);
  expect(all.items).toHaveLength(1);
  const again = asked([csr.metadata.name!]);
  await ctx.clock.advance(60_000);
  const renewed = next(serving);
  await answer(await again, 'Approved');
  expect(await renewed).not.toBe(first);
});

it('one that is refused asks again and goes on serving', async () => {
  const { client, ctx, open, asked, answer } = await machine();
  const serving = await open();
  void serving.keep(client, ctx);
  const csr = await asked();
  const before = serving.tls.value.cert;
  const again = asked([csr.metadata.name!]);
  await answer(csr, 'Denied');
  await ctx.clock.passUntil(again);
  expect(serving.tls.value.cert).toBe(before);
});

it.each([
  [0, 0.7],
  [0.5, 0.8],
  [1, 0.9],
])('renews, by the chance %d, after %d of its life', async (random, part) => {
  const { authority } = await machine();
  const { validFromDate, validToDate } = new X509Certificate(authority.certificate);
  const life = validToDate.getTime() - validFromDate.getTime();
  expect((renewalOf(authority.certificate, random).getTime() - validFromDate.getTime()) / life).toBeCloseTo(part);
});
