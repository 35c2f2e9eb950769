import type { Controller } from '@kubernest/controllers/engine';
import { type CertificateSigningRequest, type Node, parseCertificateRequest } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { refs } from '../shared/refs.ts';
import { approve, approves, isPending, signers } from '../shared/signing-requests.ts';
import { approvalFault } from './kubelet-serving-approver.plan.ts';

/** The node's addresses may be others by then. */
const LOOK_AGAIN: Milliseconds = 30_000;
const MESSAGE = 'Auto approving kubelet serving certificate for addresses of the node that asks.';

export interface ServingApproverOptions {
  /** Where API servers are reached now. */
  readonly apiAddresses: () => readonly string[];
  /** Nodes of the machine on which this API server runs. */
  readonly ownNodes: readonly string[];
}

/**
 * Approves a kubelet's serving certificate for itself and its own addresses. compat: Kubernetes leaves this to people or to what they add;
 * without, no logs and no exec would work before somebody did.
 */
export function kubeletServingApprover({ apiAddresses, ownNodes }: ServingApproverOptions): Controller {
  return {
    name: 'kubelet-serving-approver',
    serviceAccount: 'kubelet-serving-approver',
    reconciles: refs.certificateSigningRequests,
    watches: [{ ref: refs.certificateSigningRequests }],
    writes: [...approves(signers.kubeletServing), { ...refs.nodes, verbs: ['list'] }],
    async reconcile(name, ctx) {
      const csr = ctx.informers.of<CertificateSigningRequest>(refs.certificateSigningRequests).get(name);
      if (!csr || csr.spec.signerName !== signers.kubeletServing || !isPending(csr)) return 'done';
      const asked = parseCertificateRequest(csr.spec.request);
      // Asked of the server: who has just registered may not be in a cache.
      const { items: nodes } = await ctx.client.resource<Node>(refs.nodes).list({}, ctx);
      const fault = approvalFault(csr, asked, { nodes, apiAddresses: apiAddresses(), ownNodes });
      if (fault === undefined) await approve(csr, MESSAGE, ctx);
      else ctx.log.info('a serving certificate is left for people to approve', { request: name, because: fault });
      return fault === undefined ? 'done' : { againAfter: LOOK_AGAIN };
    },
  };
}
