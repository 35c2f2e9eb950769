import { ageColumn, fewOf, nameColumn, textColumn } from '../../columns/cells.ts';
import { allVerbs, define } from '../../define.ts';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Endpoints } from '../../types.ts';
import { endpointsDefaults } from './endpoints.defaults.ts';
import { validateEndpoints } from './endpoints.validation.ts';
import { warnOfEndpoints } from './endpoints.warnings.ts';

function endpointsText(endpoints: Endpoints): string {
  const subsets = endpoints.subsets ?? [];
  if (subsets.length === 0) return '<none>';
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          addresses.map(({ ip = '' }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  return fewOf(all, '');
}

export const endpointsResource = define<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  schema: apiSchema('core/v1', 'Endpoints'),
  verbs: allVerbs,
  createOnUpdate: true,
  unconditionalUpdate: true,
  defaults: endpointsDefaults,
  validate: validateEndpoints,
  warnings: warnOfEndpoints,
  deprecated: { since: '1.33', replacement: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' } },
  columns: [nameColumn, textColumn('Endpoints', 'Addresses that are ready.', endpointsText), ageColumn],
  example: {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'web', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '10.1.0.5' }], ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }],
  },
});
