import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { CertificateSigningRequest } from '@kubernest/api-types/certificates/v1';
import type { Client } from '@kubernest/client';
import { type Context, childContext, type Milliseconds, messageOf } from '@kubernest/kit';
import type { WatchEvent } from '@kubernest/meta';
import { type CertificateRequest, type CertifiedKey, makeSigningRequest } from '@kubernest/pki';

const REQUESTS = { group: 'certificates.k8s.io', version: 'v1', resource: 'certificatesigningrequests' } as const;
/** As Kubernetes' kubelet: then it asks anew. */
const DECIDED_WITHIN: Milliseconds = 15 * 60_000;
const WATCH_AGAIN: Milliseconds = 1_000;

/** Asks the cluster for a serving certificate of a new key, and waits for it. Throws when it is refused, or nobody decides. */
export async function requestCertificate(
  client: Client,
  identity: CertificateRequest,
  ctx: Context,
): Promise<CertifiedKey> {
  const { request, key } = await makeSigningRequest(identity);
  const requests = client.resource<CertificateSigningRequest>(REQUESTS);
  const spec = {
    request: Buffer.from(request).toString('base64'),
    signerName: 'kubernetes.io/kubelet-serving',
    usages: ['digital signature', 'server auth'],
  };
  const kind = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest' };
  const made = await requests.create({ ...kind, metadata: { generateName: 'csr-' }, spec }, {}, ctx);
  const name = made.metadata.name!;
  const answered = await untilAnswered(client, name, ctx);
  const certificate = Buffer.from(answered, 'base64').toString();
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)))
    throw new Error(`the certificate of request ${name} is of another key`);
  return { certificate, key };
}

/** The certificate, in base64. */
async function untilAnswered(client: Client, name: string, outer: Context): Promise<string> {
  const { ctx, controller } = childContext(outer);
  const answer = Promise.withResolvers<string>();
  const stop = outer.clock.after(DECIDED_WITHIN, () =>
    answer.reject(
      new Error(`nobody decided on request ${name}: see kubectl get csr, and kubectl certificate approve ${name}`),
    ),
  );
  const look = ({ status }: CertificateSigningRequest): void => {
    const refused = status?.conditions?.find(({ type }) => type === 'Denied' || type === 'Failed');
    if (refused)
      answer.reject(new Error(`request ${name}: ${refused.type}: ${refused.message ?? refused.reason ?? ''}`));
    else if (status?.certificate) answer.resolve(status.certificate);
  };
  const see = (event: WatchEvent<CertificateSigningRequest>): void => {
    if (event.type === 'DELETED') answer.reject(new Error(`request ${name} was removed`));
    else if (event.type === 'ADDED' || event.type === 'MODIFIED') look(event.object);
  };
  const requests = client.resource<CertificateSigningRequest>(REQUESTS);
  // Without a version a watch begins with what is there; it ends now and then.
  const watch = async (): Promise<void> => {
    while (!ctx.signal.aborted) {
      await requests.watch({ fieldSelector: `metadata.name=${name}` }, see, ctx).catch((error: unknown) => {
        if (!ctx.signal.aborted) ctx.log.debug('a watch broke; watching again', { error: messageOf(error) });
      });
      await ctx.clock.sleep(WATCH_AGAIN, ctx.signal).catch(() => {});
    }
  };
  void watch();
  try {
    return await answer.promise;
  } finally {
    stop();
    controller.abort(new DOMException('answered', 'AbortError'));
  }
}
