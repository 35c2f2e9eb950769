import { expect, it } from 'vitest';
import { faultsOf, faultsOfChange, kindOf, now } from '../../kind-faults.fixture.ts';

const apiServices = kindOf('APIService');
const service = { namespace: 'orchard', name: 'trees' };
const spec = { group: 'a.example.com', version: 'v1', service, groupPriorityMinimum: 1000, versionPriority: 10 };
const named = (spec: object, name = 'v1.a.example.com') => ({ metadata: { name }, spec });
const { service: _, ...local } = spec;

const portWords = 'port is not valid: must be between 1 and 65535, inclusive';

it.each<[string, object, string[]]>([
  ['of another server', spec, []],
  ['of this server', local, []],
  ['with the highest priorities', { ...spec, groupPriorityMinimum: 20_000, versionPriority: 1000 }, []],
  [
    'with priorities beyond the highest',
    { ...spec, groupPriorityMinimum: 20_001, versionPriority: 1001 },
    [
      'spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000',
      'spec.versionPriority: Invalid value: 1001: must be positive and less than 1000',
    ],
  ],
  [
    'without priorities',
    { ...spec, groupPriorityMinimum: 0, versionPriority: 0 },
    [
      'spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000',
      'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
    ],
  ],
  [
    'without a Service behind the reference',
    { ...spec, service: { port: 70_000 } },
    [
      'spec.service.namespace: Required value',
      'spec.service.name: Required value',
      `spec.service.port: Invalid value: 70000: ${portWords}`,
    ],
  ],
  [
    'that says how to check a certificate and not to',
    { ...spec, caBundle: 'YQ==', insecureSkipTLSVerify: true },
    ['spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present'],
  ],
  [
    'of this server with what only another needs',
    { ...local, caBundle: 'YWI=', insecureSkipTLSVerify: true },
    [
      'spec.caBundle: Invalid value: "2 bytes": local APIServices may not have a caBundle',
      'spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify',
    ],
  ],
])('an APIService %s: %j: %j', (_, spec, faults) => {
  expect(faultsOf('APIService', named(spec))).toEqual(faults);
});

it('its name is made of version and group', () => {
  expect(faultsOf('APIService', named(spec, 'a.example.com'))).toEqual([
    'metadata.name: Invalid value: "a.example.com": must be `spec.version+"."+spec.group`: "v1.a.example.com"',
  ]);
  // A name that no object may have is told of once.
  expect(faultsOf('APIService', named(spec, 'a/b'))).toEqual([]);
  expect(faultsOf('APIService', named({ ...local, group: '' }, 'v1.'))).toEqual([]);
});

it('only the first API has no group', () => {
  expect(faultsOf('APIService', named({ ...local, group: undefined, version: 'v2' }, 'v2.'))).toEqual([
    'spec.group: Required value: only v1 may have an empty group and it better be legacy kube',
  ]);
});

it('a change keeps to the same rules, and the name to group and version', () => {
  const faults = faultsOfChange('APIService', named(spec), named({ ...spec, version: 'v2' }));
  expect(faults).toEqual([
    'metadata.name: Invalid value: "v1.a.example.com": must be `spec.version+"."+spec.group`: "v2.a.example.com"',
  ]);
});

it('what this server serves itself is available from the beginning; a status sent with it counts for nothing', () => {
  const create = (spec: object) => {
    const metadata = { name: 'v1.a.example.com', creationTimestamp: '2026-11-30T10:00:00Z' };
    const draft = { metadata, spec, status: { conditions: [{ type: 'Available', status: 'Unknown' }] } };
    apiServices.prepareForCreate!(draft as never);
    return draft.status;
  };
  expect(create(local).conditions).toEqual([
    {
      type: 'Available',
      status: 'True',
      reason: 'Local',
      message: 'Local APIServices are always available',
      lastTransitionTime: '2026-11-30T10:00:00Z',
    },
  ]);
  expect(create(spec)).toEqual({});
});

it('a Service is asked at 443 unless its reference says another port', () => {
  const ports = [undefined, 8443].map((port) => {
    const draft = { metadata: {}, spec: { service: { ...service, port } } };
    apiServices.defaults!(draft as never);
    return draft.spec.service.port;
  });
  expect(ports).toEqual([443, 8443]);
});

it.each<[string, object, string[]]>([
  ['of this server', { status: 'True', reason: 'Local' }, ['Local', 'True']],
  ['of another one', { status: 'True', reason: 'Passed', of: service }, ['orchard/trees', 'True']],
  [
    'that nobody runs',
    { status: 'False', reason: 'MissingEndpoints', of: service },
    ['orchard/trees', 'False (MissingEndpoints)'],
  ],
  ['without a reason', { status: 'False', of: service }, ['orchard/trees', 'False']],
])('kubectl shows one %s: %j as %j', (_, { of, ...condition }: { of?: object }, cells) => {
  const object = { metadata: {}, spec: { service: of }, status: { conditions: [{ type: 'Available', ...condition }] } };
  const shown = apiServices.columns!.slice(1, 3).map((column) => column.cell(object as never, now));
  expect(shown).toEqual(cells);
});

it('what nobody has looked at yet is Unknown', () => {
  expect(apiServices.columns![2]!.cell({ metadata: {}, spec } as never, now)).toBe('Unknown');
});
