import type { Controller, ControllerContext } from '@kubernest/controllers/engine';
import {
  type CertificateRequestFacts,
  type CertificateSigningRequest,
  parseCertificateRequest,
} from '@kubernest/kinds';
import type { Context, Milliseconds } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import { refs } from '../shared/refs.ts';
import { conditionOf, signs } from '../shared/signing-requests.ts';
import { ownSigners, signingFault } from './certificate-signer.plan.ts';

/** A certificate in PEM of the cluster's authority. */
export type SignCertificate = (
  terms: CertificateRequestFacts & { readonly usages: readonly string[]; readonly lifetime?: Milliseconds },
  ctx: Context,
) => Promise<string>;

/** Signs what was approved. Whoever holds the authority's key may do so beside others: what is signed stays as it is. */
export function certificateSigner(sign: SignCertificate): Controller {
  return {
    name: 'certificate-signer',
    serviceAccount: 'certificate-controller',
    reconciles: refs.certificateSigningRequests,
    watches: [{ ref: refs.certificateSigningRequests }],
    writes: signs(...ownSigners),
    async reconcile(name, ctx) {
      const csr = ctx.informers.of<CertificateSigningRequest>(refs.certificateSigningRequests).get(name);
      if (!csr || !isToSign(csr)) return 'done';
      const { request, signerName, usages = [], expirationSeconds } = csr.spec;
      const asked = parseCertificateRequest(request);
      const fault = signingFault(signerName, asked, usages);
      if (fault !== undefined) return fail(csr, fault, ctx);
      const lifetime = expirationSeconds === undefined ? {} : { lifetime: expirationSeconds * 1000 };
      const pem = await sign({ ...asked, usages, ...lifetime }, ctx);
      return write(csr, { certificate: Buffer.from(pem).toString('base64') }, ctx);
    },
  };
}

function isToSign(csr: CertificateSigningRequest): boolean {
  if (!ownSigners.includes(csr.spec.signerName) || csr.status?.certificate) return false;
  return Boolean(conditionOf(csr, 'Approved')) && !conditionOf(csr, 'Denied') && !conditionOf(csr, 'Failed');
}

function fail(csr: CertificateSigningRequest, message: string, ctx: ControllerContext): Promise<'done'> {
  const failed = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message };
  return write(csr, { conditions: [...(csr.status?.conditions ?? []), failed] }, ctx);
}

async function write(csr: CertificateSigningRequest, more: object, ctx: ControllerContext): Promise<'done'> {
  await ctx.client
    .resource<CertificateSigningRequest>(refs.certificateSigningRequests)
    .updateStatus({ ...csr, status: { ...csr.status, ...more } }, {}, ctx)
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  return 'done';
}
