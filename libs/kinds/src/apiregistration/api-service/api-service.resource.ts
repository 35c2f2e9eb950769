import { ageColumn, allVerbs, define, nameColumn, textColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { APIService } from '../../types.ts';
import { beginLocal, defaultApiService } from './api-service.defaults.ts';
import { validateApiService } from './api-service.validation.ts';
import { availabilityText, serviceText } from './availability-text.ts';

export const apiServiceResource = define<APIService>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  categories: ['api-extensions'],
  namespaced: false,
  schema: apiSchema('apiregistration/v1', 'APIService'),
  verbs: allVerbs,
  nameFormat: 'pathSegment',
  statusSubresource: true,
  statusKeeps: ['labels', 'annotations', 'finalizers', 'ownerReferences'],
  neverOwned: { status: [['metadata']] },
  freeFinalizers: true,
  allowUnconditionalUpdate: false,
  prepareForCreate: beginLocal,
  defaults: defaultApiService,
  validate: validateApiService,
  columns: [
    nameColumn,
    textColumn('Service', 'The Service whose server answers, or Local.', serviceText),
    textColumn('Available', 'Whether that server answers, and why not.', availabilityText),
    ageColumn,
  ],
  example: {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1alpha1.orchard.example.com' },
    spec: {
      group: 'orchard.example.com',
      version: 'v1alpha1',
      service: { namespace: 'orchard', name: 'trees', port: 443 },
      caBundle: Buffer.from('-----BEGIN CERTIFICATE-----\n').toString('base64'),
      groupPriorityMinimum: 1000,
      versionPriority: 15,
    },
    status: {
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'Passed',
          message: 'all checks passed',
          lastTransitionTime: '2026-11-24T10:00:00Z',
        },
      ],
    },
  },
});
