import { ageColumn, allVerbs, define, fewOf, nameColumn, SHOWN, textColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Endpoints } from '../../types.ts';
import { endpointsDefaults } from './endpoints.defaults.ts';
import { validateEndpoints } from './endpoints.validation.ts';
import { warnOfEndpoints } from './endpoints.warnings.ts';

function endpointsText(endpoints: Endpoints): string {
  const subsets = endpoints.subsets ?? [];
  if (subsets.length === 0) return '<none>';
  let total = 0;
  for (const { addresses = [], ports = [] } of subsets) total += addresses.length * Math.max(ports.length, 1);
  return fewOf([...places(subsets).take(SHOWN)], '', total);
}

/** One after the other, as it is a product of what may be thousands of addresses and ports. */
function* places(subsets: NonNullable<Endpoints['subsets']>): Generator<string> {
  for (const { addresses = [], ports = [] } of subsets) {
    if (ports.length === 0) for (const { ip } of addresses) yield ip;
    for (const { port } of ports)
      for (const { ip = '' } of addresses) yield ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
  }
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
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
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
