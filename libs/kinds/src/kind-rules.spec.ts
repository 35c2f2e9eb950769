import { type FieldError, fieldErrorBody } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { validateLease } from './coordination/lease/lease.validation.ts';
import { validateConfigMap, validateConfigMapUpdate } from './core/config-map/config-map.validation.ts';
import { validateNode } from './core/node/node.validation.ts';
import { validateSecretUpdate } from './core/secret/secret.validation.ts';
import { validateService, validateServiceUpdate } from './core/service/service.validation.ts';
import {
  validateEndpointSlice,
  validateEndpointSliceUpdate,
} from './discovery/endpoint-slice/endpoint-slice.validation.ts';
import { validateBinding, validateBindingUpdate } from './rbac/types/binding.validation.ts';

const words = (faults: FieldError[]): string[] => faults.map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`);
const metadata = { name: 'a' };
const service = (spec: object) => ({ metadata, spec }) as never;
const port = { port: 80, targetPort: 80, protocol: 'TCP' };
const role = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name });

it.each<[string, FieldError[], string]>([
  ['a key that is no file name', validateConfigMap({ metadata, data: { 'a/b': '' } }), 'data[a/b]: Invalid value'],
  [
    'a megabyte and one byte',
    validateConfigMap({ metadata, data: { a: 'x'.repeat(1024 * 1024 + 1) } }),
    'Too long: may not be more than 1048576 bytes',
  ],
  [
    'a change of what is sealed',
    validateConfigMapUpdate({ immutable: true, data: { a: '2' } }, { immutable: true, data: { a: '1' } }),
    'data: Forbidden: field is immutable when `immutable` is set',
  ],
  [
    'another type of secret',
    validateSecretUpdate({ metadata, type: 'a' }, { metadata, type: 'b' }),
    'type: Invalid value: "a": field is immutable',
  ],
  ['a service without ports', validateService(service({})), 'spec.ports: Required value'],
  [
    'two ports without names',
    validateService(service({ ports: [port, { ...port, port: 81 }] })),
    'spec.ports[0].name: Required value',
  ],
  [
    'the same port twice',
    validateService(
      service({
        ports: [
          { ...port, name: 'a' },
          { ...port, name: 'b' },
        ],
      }),
    ),
    'spec.ports[1]: Duplicate value: "TCP/80"',
  ],
  [
    'another address',
    validateServiceUpdate(service({ clusterIP: '10.0.0.2' }), service({ clusterIP: '10.0.0.1' })),
    'spec.clusterIP: Invalid value: "10.0.0.2": field is immutable',
  ],
  ['a binding to no role', validateBinding({ roleRef: role('') }), 'roleRef.name: Required value'],
  [
    'a binding to another role',
    validateBindingUpdate({ roleRef: role('b') }, { roleRef: role('a') }),
    'cannot change roleRef',
  ],
  [
    'a slice of nothing',
    validateEndpointSlice({ metadata, addressType: 'IPv4', endpoints: [{ addresses: [] }] }),
    'endpoints[0].addresses: Required value',
  ],
  [
    'another family',
    validateEndpointSliceUpdate(
      { metadata, addressType: 'IPv6', endpoints: [] },
      { metadata, addressType: 'IPv4', endpoints: [] },
    ),
    'addressType: Invalid value: "IPv6": field is immutable',
  ],
  [
    'a taint without effect',
    validateNode({ metadata, spec: { taints: [{ key: 'a', effect: '' }] } }),
    'spec.taints[0].effect: Unsupported value: ""',
  ],
  [
    'a lease for no time',
    validateLease({ metadata, spec: { leaseDurationSeconds: 0 } }),
    'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
  ],
])('%s is refused', (_name, faults, sentence) => {
  expect(words(faults).join('\n')).toContain(sentence);
});
