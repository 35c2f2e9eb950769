import type { AdmissionPlugin, ApiCore } from '@kubernest/apiserver/contract';
import { mustMayFor, signingRequests } from '../signing-requests.ts';

/** Whoever approves or denies a certificate may `approve` for its signer. */
export const certificateApproval = (core: Pick<ApiCore, 'authorize'>): AdmissionPlugin => ({
  name: 'certificate-approval',
  sees: { resources: [signingRequests], subresources: ['approval'], on: ['update'] },
  validate: (call, _read, ctx) => mustMayFor('approve', call, core, ctx),
});
