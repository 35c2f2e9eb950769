import { ageColumn, allVerbs, define, draftOf, nameColumn, textColumn, workloadColumns } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Deployment } from '../../types.ts';
import { warnOfWorkload } from '../types/workload.warnings.ts';
import { deploymentDefaults } from './deployment.defaults.ts';
import { validateDeployment, validateDeploymentUpdate } from './deployment.validation.ts';

export const deploymentResource = define<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  schema: apiSchema('apps/v1', 'Deployment'),
  verbs: allVerbs,
  statusSubresource: true,
  statusKeeps: ['labels'],
  scale: { specReplicas: 'spec.replicas', statusReplicas: 'status.replicas', selector: 'spec.selector' },
  tracksGeneration: true,
  allowUnconditionalUpdate: true,
  prepareForCreate(draft) {
    draftOf(draft).status = {};
  },
  defaults: deploymentDefaults,
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
  warnings: warnOfWorkload,
  columns: [
    nameColumn,
    textColumn<Deployment>(
      'Ready',
      'Pods that are ready, of those that should be.',
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    ),
    textColumn<Deployment>('Up-to-date', 'Pods of the newest template.', (d) => d.status?.updatedReplicas ?? 0),
    textColumn<Deployment>('Available', 'Pods ready long enough.', (d) => d.status?.availableReplicas ?? 0),
    ageColumn,
    ...workloadColumns<Deployment>(),
  ],
  example: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'example.test/web:1', resources: {} }] },
      },
    },
    status: {},
  },
});
