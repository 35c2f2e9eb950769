import type { ControllerContext } from '@kubernest/controllers/engine';
import type { CertificateSigningRequest } from '@kubernest/kinds';
import { isNotFound, type Json } from '@kubernest/meta';
import { refs } from './refs.ts';

export const signers = {
  client: 'kubernetes.io/kube-apiserver-client',
  kubeletClient: 'kubernetes.io/kube-apiserver-client-kubelet',
  kubeletServing: 'kubernetes.io/kubelet-serving',
} as const;

const group = refs.certificateSigningRequests.group;

/** What an approver of these signers writes. */
export const approves = (...names: readonly string[]) => [
  { group, resource: 'certificatesigningrequests/approval', verbs: ['update'] },
  { group, resource: 'signers', names, verbs: ['approve'] },
];

export const signs = (...names: readonly string[]) => [
  { group, resource: 'certificatesigningrequests/status', verbs: ['update'] },
  { group, resource: 'signers', names, verbs: ['sign'] },
];

export const conditionOf = ({ status }: CertificateSigningRequest, type: string) =>
  status?.conditions?.find((each) => each.type === type);

/** Nobody has decided. */
export const isPending = (csr: CertificateSigningRequest): boolean =>
  !csr.status?.certificate && !conditionOf(csr, 'Approved') && !conditionOf(csr, 'Denied');

/** One that is gone by now needs no approval. */
export async function approve(csr: CertificateSigningRequest, message: string, ctx: ControllerContext): Promise<void> {
  const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message };
  const conditions = [...(csr.status?.conditions ?? []), condition];
  await ctx.client
    .resource<CertificateSigningRequest>(refs.certificateSigningRequests)
    .subresource(
      { name: csr.metadata.name! },
      'approval',
      'PUT',
      { ...csr, status: { ...csr.status, conditions } } as unknown as Json,
      ctx,
    )
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
}
