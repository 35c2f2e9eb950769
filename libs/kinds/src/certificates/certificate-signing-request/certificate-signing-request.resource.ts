import { allVerbs, define, draftOf, ensurePart } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { CertificateSigningRequest } from '../../types.ts';
import { certificateSigningRequestColumns } from './certificate-signing-request.columns.ts';
import { keepApproval, stampConditions } from './certificate-signing-request.conditions.ts';
import { exampleRequest } from './certificate-signing-request.example.ts';
import {
  validateCertificateSigningRequest,
  validateCertificateSigningRequestUpdate,
} from './certificate-signing-request.validation.ts';

export const certificateSigningRequestResource = define<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  namespaced: false,
  schema: apiSchema('certificates/v1', 'CertificateSigningRequest'),
  verbs: allVerbs,
  nameFormat: 'pathSegment',
  statusSubresource: true,
  allowUnconditionalUpdate: true,
  selectableFields: { 'spec.signerName': ({ spec }) => spec?.signerName ?? '' },
  // Who signs goes by who asked.
  recordRequester(draft, { username, uid, groups, extra }) {
    const spec = ensurePart(draftOf(draft), 'spec');
    for (const field of ['username', 'uid', 'groups', 'extra']) delete spec[field];
    if (username) spec.username = username;
    if (uid) spec.uid = uid;
    if (groups.length > 0) spec.groups = [...groups];
    if (extra && Object.keys(extra).length > 0) spec.extra = structuredClone(extra);
  },
  // Nobody asks for what is approved already.
  prepareForCreate(draft) {
    draftOf(draft).status = {};
  },
  prepareForUpdate(draft, { spec }) {
    draftOf(draft).spec = structuredClone(spec);
  },
  prepareForStatusUpdate(draft, old, { now }) {
    keepApproval(draft, old);
    stampConditions(draft, old, now);
  },
  neverOwned: {
    '': [['spec'], ['status']],
    status: [['spec'], ['status', 'conditions']],
    approval: [['spec'], ['status', 'certificate']],
  },
  validate: validateCertificateSigningRequest,
  validateUpdate: validateCertificateSigningRequestUpdate,
  columns: certificateSigningRequestColumns,
  example: {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'ann' },
    spec: {
      request: exampleRequest,
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
      expirationSeconds: 86_400,
      username: 'kubernetes-admin',
      groups: ['system:masters', 'system:authenticated'],
    },
    status: {},
  },
});
