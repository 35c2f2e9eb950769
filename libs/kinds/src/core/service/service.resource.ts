import { allVerbs, define, draftOf } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Service } from '../../types.ts';
import { serviceColumns } from './service.columns.ts';
import { serviceDefaults } from './service.defaults.ts';
import { prepareServiceUpdate } from './service.preparation.ts';
import { validateService, validateServiceUpdate } from './service.validation.ts';
import { warnOfService } from './service.warnings.ts';

export const serviceResource = define<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  schema: apiSchema('core/v1', 'Service'),
  verbs: allVerbs,
  statusSubresource: true,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  deleteShowsObject: true,
  nameFormat: 'label',
  selectableFields: {
    'spec.clusterIP': (service) => service.spec?.clusterIP ?? '',
    'spec.type': (service) => service.spec?.type ?? '',
  },
  prepareForCreate(draft) {
    draftOf(draft).status = { loadBalancer: {} };
  },
  prepareForUpdate: prepareServiceUpdate,
  defaults: serviceDefaults,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  warnings: warnOfService,
  columns: serviceColumns,
  example: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.0.0.20',
      clusterIPs: ['10.0.0.20'],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
      selector: { app: 'web' },
      sessionAffinity: 'None',
    },
    status: { loadBalancer: {} },
  },
});
