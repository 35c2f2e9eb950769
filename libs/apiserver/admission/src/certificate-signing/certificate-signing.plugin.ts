import type { AdmissionPlugin, ApiCore } from '@kubernest/apiserver/contract';
import type { CertificateSigningRequest } from '@kubernest/kinds';
import { deepEqual } from '@kubernest/meta';
import { mustMayFor, signingRequests } from '../signing-requests.ts';

/** Whoever writes a certificate, or says that there will be none, may `sign` for its signer. */
export const certificateSigning = (core: Pick<ApiCore, 'authorize'>): AdmissionPlugin => ({
  name: 'certificate-signing',
  sees: { resources: [signingRequests], subresources: ['status'], on: ['update'] },
  async validate(call, _read, ctx) {
    const [old, now] = [call.old, call.object].map((each) => (each as CertificateSigningRequest).status ?? {});
    const isSame =
      (old?.certificate ?? '') === (now?.certificate ?? '') && deepEqual(old?.conditions ?? [], now?.conditions ?? []);
    if (!isSame) await mustMayFor('sign', call, core, ctx);
  },
});
