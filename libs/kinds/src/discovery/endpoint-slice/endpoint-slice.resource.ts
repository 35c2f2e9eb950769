import { ageColumn, allVerbs, define, fewOf, nameColumn, textColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { EndpointSlice } from '../../types.ts';
import { endpointSliceDefaults } from './endpoint-slice.defaults.ts';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './endpoint-slice.validation.ts';
import { warnOfEndpointSlice } from './endpoint-slice.warnings.ts';

function portsText(slice: EndpointSlice): string {
  const ports = (slice.ports ?? []).map(({ port, name }) => (port !== undefined ? String(port) : (name ?? '*')));
  return fewOf(ports, '<unset>');
}

export const endpointSliceResource = define<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  namespaced: true,
  schema: apiSchema('discovery/v1', 'EndpointSlice'),
  verbs: allVerbs,
  tracksGeneration: true,
  allowUnconditionalUpdate: true,
  defaults: endpointSliceDefaults,
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,
  warnings: warnOfEndpointSlice,
  columns: [
    nameColumn,
    textColumn<EndpointSlice>('AddressType', 'IPv4, IPv6 or FQDN.', (slice) => slice.addressType ?? ''),
    textColumn<EndpointSlice>('Ports', 'Ports that every endpoint answers on.', portsText),
    textColumn<EndpointSlice>('Endpoints', 'Addresses, ready or not.', (slice) =>
      fewOf(
        (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? []),
        '<unset>',
      ),
    ),
    ageColumn,
  ],
  example: {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-abcde', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.0.5'], conditions: { ready: true, serving: true, terminating: false } }],
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  },
});
