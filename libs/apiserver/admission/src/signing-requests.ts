import { type AdmissionCall, type ApiCore, subjectOf } from '@kubernest/apiserver/contract';
import type { CertificateSigningRequest } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import { forbidden } from '@kubernest/meta';

const of = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' } as const;

export const signingRequests = `${of.resource}.${of.group}`;

/** Throws unless the caller may do this for the signer of what is stored, or for all signers of its domain (`kubernetes.io/*`). */
export async function mustMayFor(
  verb: 'approve' | 'sign',
  call: AdmissionCall,
  { authorize }: Pick<ApiCore, 'authorize'>,
  ctx: Context,
): Promise<void> {
  const signer = (call.old as CertificateSigningRequest).spec.signerName;
  for (const name of [signer, `${signer.split('/')[0]}/*`]) {
    const info = { ...call.info, verb, group: of.group, version: '*', resource: 'signers', subresource: '', name };
    if ((await authorize({ user: call.user, info }, ctx)).verdict === 'allow') return;
  }
  throw forbidden(subjectOf(call), `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
}
