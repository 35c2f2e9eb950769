import { mastersGroup } from '@kubernest/apiserver/authn';
import { type AdmissionPlugin, subjectOf } from '@kubernest/apiserver/contract';
import { type CertificateSigningRequest, parseCertificateRequest } from '@kubernest/kinds';
import { forbidden } from '@kubernest/meta';
import { signingRequests } from '../signing-requests.ts';

const signer = 'kubernetes.io/kube-apiserver-client';

/** Nobody asks for a certificate of the group to which everything is allowed. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'certificate-subject-restriction',
  sees: { resources: [signingRequests], on: ['create'] },
  validate(call) {
    const { spec } = call.object as CertificateSigningRequest;
    if (spec.signerName !== signer || !parseCertificateRequest(spec.request).organizations.includes(mastersGroup))
      return;
    throw forbidden(subjectOf(call), `use of ${signer} signer with ${mastersGroup} group is not allowed`);
  },
};
