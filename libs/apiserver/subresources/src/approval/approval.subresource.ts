import type { PartSubresource } from '@kubernest/apiserver/contract';
import { type CertificateSigningRequest, stampConditions } from '@kubernest/kinds';
import { clone } from '@kubernest/meta';

/** Approves or denies a request for a certificate: writes the conditions and nothing else beside metadata. */
export const certificateApproval: PartSubresource = {
  of: { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' },
  name: 'approval',
  verbs: ['get', 'update', 'patch'],
  part: {
    prepare(draft, stored, now) {
      stampConditions(draft, stored, now);
      const { conditions } = (draft as CertificateSigningRequest).status ?? {};
      const { spec, status } = clone(stored as CertificateSigningRequest);
      const { conditions: _, ...rest } = status ?? {};
      Object.assign(draft, { spec, status: { ...rest, ...(conditions && { conditions }) } });
    },
  },
};
