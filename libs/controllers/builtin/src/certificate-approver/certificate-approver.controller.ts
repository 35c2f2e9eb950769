import type { SubjectAccessReview } from '@kubernest/api-types/authorization/v1';
import type { Controller, ControllerContext } from '@kubernest/controllers/engine';
import { type CertificateSigningRequest, parseCertificateRequest } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { clientFault } from '../shared/kubelet-certificates.ts';
import { refs } from '../shared/refs.ts';
import { approve, approves, isPending, signers } from '../shared/signing-requests.ts';

const reviews = { group: 'authorization.k8s.io', version: 'v1', resource: 'subjectaccessreviews' };
/** Whoever asks may be allowed to by then. */
const LOOK_AGAIN: Milliseconds = 60_000;

/** What RBAC says of who asks: for oneself (a certificate is renewed) or for any node (one comes to the cluster). */
const permissions = [
  {
    subresource: 'selfnodeclient',
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  },
  { subresource: 'nodeclient', message: 'Auto approving kubelet client certificate after SubjectAccessReview.' },
] as const;

/** Approves the client certificates of kubelets for whoever may create `certificatesigningrequests/nodeclient` or, for himself, `/selfnodeclient`. */
export const certificateApprover: Controller = {
  name: 'certificate-approver',
  serviceAccount: 'certificate-controller',
  reconciles: refs.certificateSigningRequests,
  watches: [{ ref: refs.certificateSigningRequests }],
  writes: [...approves(signers.kubeletClient), { group: reviews.group, resource: reviews.resource, verbs: ['create'] }],
  async reconcile(name, ctx) {
    const csr = ctx.informers.of<CertificateSigningRequest>(refs.certificateSigningRequests).get(name);
    if (!csr || csr.spec.signerName !== signers.kubeletClient || !isPending(csr)) return 'done';
    const asked = parseCertificateRequest(csr.spec.request);
    if (clientFault(asked, csr.spec.usages ?? []) !== undefined) return 'done';
    for (const { subresource, message } of permissions) {
      if (subresource === 'selfnodeclient' && csr.spec.username !== asked.commonName) continue;
      if (!(await mayCreate(csr, subresource, ctx))) continue;
      await approve(csr, message, ctx);
      return 'done';
    }
    return { againAfter: LOOK_AGAIN };
  },
};

async function mayCreate(
  { spec: { username, uid, groups, extra } }: CertificateSigningRequest,
  subresource: string,
  ctx: ControllerContext,
): Promise<boolean> {
  const { group, resource } = refs.certificateSigningRequests;
  const resourceAttributes = { group, resource, verb: 'create', subresource, version: '*' };
  const spec = { user: username, uid, groups, extra, resourceAttributes };
  const review = { apiVersion: `${reviews.group}/v1`, kind: 'SubjectAccessReview', metadata: {}, spec };
  const { status } = await ctx.client.resource<SubjectAccessReview>(reviews).create(review, {}, ctx);
  return status?.allowed ?? false;
}
