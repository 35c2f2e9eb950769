import {
  ageColumn,
  allVerbs,
  define,
  draftOf,
  integerColumn,
  nameColumn,
  workloadColumns,
} from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { ReplicaSet } from '../../types.ts';
import { warnOfWorkload } from '../types/workload.warnings.ts';
import { replicaSetDefaults } from './replica-set.defaults.ts';
import { validateReplicaSet, validateReplicaSetUpdate } from './replica-set.validation.ts';

export const replicaSetResource = define<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  schema: apiSchema('apps/v1', 'ReplicaSet'),
  verbs: allVerbs,
  statusSubresource: true,
  scale: { specReplicas: 'spec.replicas', statusReplicas: 'status.replicas', selector: 'spec.selector' },
  tracksGeneration: true,
  allowUnconditionalUpdate: true,
  prepareForCreate(draft) {
    draftOf(draft).status = { replicas: 0 };
  },
  defaults: replicaSetDefaults,
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  warnings: warnOfWorkload,
  columns: [
    nameColumn,
    integerColumn<ReplicaSet>('Desired', 'How many pods there should be.', (set) => set.spec?.replicas ?? 0),
    integerColumn<ReplicaSet>('Current', 'How many there are.', (set) => set.status?.replicas ?? 0),
    integerColumn<ReplicaSet>('Ready', 'How many of them are ready.', (set) => set.status?.readyReplicas ?? 0),
    ageColumn,
    ...workloadColumns<ReplicaSet>(),
  ],
  example: {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-5d', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'example.test/web:1', resources: {} }] },
      },
    },
    status: { replicas: 0 },
  },
});
