import { ageColumn, allVerbs, define, nameColumn, textColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Lease } from '../../types.ts';
import { validateLease } from './lease.validation.ts';

export const leaseResource = define<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  schema: apiSchema('coordination/v1', 'Lease'),
  verbs: allVerbs,
  allowCreateOnUpdate: true,
  // Two candidates that both write without having read would both believe they lead.
  allowUnconditionalUpdate: false,
  validate: validateLease,
  columns: [
    nameColumn,
    textColumn<Lease>('Holder', 'Who holds it.', (lease) => lease.spec?.holderIdentity ?? ''),
    ageColumn,
  ],
  example: {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'worker-1', namespace: 'kube-node-lease' },
    spec: {
      holderIdentity: 'worker-1',
      leaseDurationSeconds: 40,
      leaseTransitions: 0,
      acquireTime: '2026-11-24T10:00:00.000000Z',
      renewTime: '2026-11-24T10:00:00.000000Z',
    },
  },
});
