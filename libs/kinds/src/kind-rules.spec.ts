import { type FieldError, fieldErrorBody, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { builtinKinds } from './builtin.ts';

const now = new Date('2026-11-24T12:00:00Z');
const metadata = { name: 'a', namespace: 'default' };
const words = (faults: readonly FieldError[]): string[] =>
  faults.map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`);
const kindOf = (kind: string, group = '') =>
  builtinKinds.find((each) => each.kind === kind && (group === '' || each.group === group))!;

/** The faults of an object as the engine finds them: prepared, defaults filled in. */
function faultsOf(kind: string, object: object, group?: string): string[] {
  const definition = kindOf(kind, group);
  const draft = structuredClone({ metadata, ...object }) as KubeObject;
  definition.prepareForCreate?.(draft);
  definition.defaults?.(draft);
  return words(definition.validate?.(draft, { subresource: '', now }) ?? []);
}

function faultsOfChange(kind: string, before: object, after: object, group?: string): string[] {
  const definition = kindOf(kind, group);
  const [old, draft] = [before, after].map((object) => structuredClone({ metadata, ...object }) as KubeObject) as [
    KubeObject,
    KubeObject,
  ];
  definition.defaults?.(old);
  definition.prepareForUpdate?.(draft, old);
  definition.defaults?.(draft);
  const context = { subresource: '', now, old };
  return words([
    ...(definition.validate?.(draft, context) ?? []),
    ...(definition.validateUpdate?.(draft, old, context) ?? []),
  ]);
}

const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const roleRef = { kind: 'Role', name: 'reader' };

describe('roles', () => {
  it.each<[object, string]>([
    [{ rules: [{ ...rule, verbs: [] }] }, 'rules[0].verbs: Required value: verbs must contain at least one value'],
    [
      { rules: [{ verbs: ['get'], resources: ['pods'] }] },
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
    ],
    [
      { rules: [{ verbs: ['get'], apiGroups: [''] }] },
      'rules[0].resources: Required value: resource rules must supply at least one resource',
    ],
    [
      { rules: [rule, { nonResourceURLs: ['/x'], verbs: ['get'] }] },
      'rules[1].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
    ],
  ])('%j: %s', (role, fault) => {
    expect(faultsOf('Role', role)).toEqual([fault]);
  });

  it('of the cluster may be about URLs, but not about both, and are gathered by selectors that are there', () => {
    expect(faultsOf('ClusterRole', { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] })).toEqual([]);
    expect(faultsOf('ClusterRole', { rules: [{ ...rule, nonResourceURLs: ['/x'] }] })).toEqual([
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    ]);
    expect(faultsOf('ClusterRole', { aggregationRule: {} })).toEqual([
      'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
    ]);
    const matchExpressions = [{ key: 'a', operator: 'Near' }];
    expect(faultsOf('ClusterRole', { aggregationRule: { clusterRoleSelectors: [{ matchExpressions }] } })).toEqual([
      'aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator',
    ]);
  });
});

describe('bindings', () => {
  it.each<[string, object, string[]]>([
    ['RoleBinding', { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'a' }] }, []],
    [
      'RoleBinding',
      {},
      ['roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"', 'roleRef.name: Required value'],
    ],
    [
      'RoleBinding',
      { roleRef: { ...roleRef, name: 'a/b' } },
      ['roleRef.name: Invalid value: "a/b": may not contain \'/\''],
    ],
    [
      'RoleBinding',
      { roleRef: { ...roleRef, apiGroup: 'apps' } },
      ['roleRef.apiGroup: Unsupported value: "apps": supported values: "rbac.authorization.k8s.io"'],
    ],
    [
      'RoleBinding',
      { roleRef, subjects: [{ kind: 'Robot', name: '' }] },
      [
        'subjects[0].name: Required value',
        'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
      ],
    ],
    [
      'RoleBinding',
      { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'a', apiGroup: 'b' }] },
      ['subjects[0].apiGroup: Unsupported value: "b": supported values: ""'],
    ],
    ['ClusterRoleBinding', { roleRef }, ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"']],
    [
      'ClusterRoleBinding',
      { roleRef: { ...roleRef, kind: 'ClusterRole' }, subjects: [{ kind: 'ServiceAccount', name: 'a' }] },
      ['subjects[0].namespace: Required value'],
    ],
  ])('a %s with %j: %j', (kind, object, faults) => {
    expect(faultsOf(kind, object)).toEqual(faults);
  });

  it('are to one role for good', () => {
    const apiGroup = 'rbac.authorization.k8s.io';
    expect(faultsOfChange('RoleBinding', { roleRef }, { roleRef: { ...roleRef, name: 'b' } })).toEqual([
      `roleRef: Invalid value: {"kind":"Role","name":"b","apiGroup":"${apiGroup}"}: cannot change roleRef`,
    ]);
  });
});

describe('events', () => {
  const involvedObject = { kind: 'Pod', name: 'p', namespace: 'default' };
  const eventTime = '2026-11-24T10:00:00.000000Z';
  const full = {
    eventTime,
    reportingComponent: 'a.test/b',
    reportingInstance: 'i',
    action: 'Do',
    reason: 'R',
    type: 'Normal',
  };
  const strict = ({ reportingComponent, ...rest }: typeof full) => ({
    ...rest,
    reportingController: reportingComponent,
  });

  it.each<[string, object, string[]]>([
    ['of old', { involvedObject, reason: 'R' }, []],
    [
      'about another namespace',
      { involvedObject: { ...involvedObject, namespace: 'x' } },
      ['involvedObject.namespace: Invalid value: "x": does not match event.namespace'],
    ],
    ['of today', { involvedObject, ...full }, []],
    [
      'of today without the rest',
      { involvedObject, eventTime },
      [
        'reportingComponent: Required value',
        'reportingComponent: Invalid value: "": name part must be non-empty',
        expect.stringContaining('reportingComponent: Invalid value: "": name part must consist of'),
        'reportingInstance: Required value',
        'action: Required value',
        'reason: Required value',
      ] as string[],
    ],
    [
      'with much to say',
      { involvedObject, ...full, message: 'x'.repeat(1025) },
      ['message: Invalid value: "": can have at most 1024 characters'],
    ],
  ])('%s', (_, event, faults) => {
    expect(faultsOf('Event', event)).toEqual(faults);
  });

  it('are held to stricter rules by the newer API, once', () => {
    const faults = (event: object) => faultsOf('Event', event, 'events.k8s.io');
    expect(faults({ regarding: involvedObject, ...strict(full) })).toEqual([]);
    expect(
      faults({
        regarding: involvedObject,
        ...strict({ ...full, type: 'Bad' }),
        series: { count: 1 },
        deprecatedCount: 2,
      }),
    ).toEqual([
      'series.count: Invalid value: "": should be at least 2',
      'series.lastObservedTime: Required value',
      'type: Invalid value: "": has invalid value: Bad',
      'count: Invalid value: "": needs to be unset',
    ]);
    const stored = { regarding: involvedObject, deprecatedCount: 2, type: 'Normal' };
    expect(faultsOfChange('Event', stored, stored, 'events.k8s.io')).toEqual([]);
    expect(faultsOfChange('Event', stored, { ...stored, note: 'new' }, 'events.k8s.io')).toEqual([
      'message: Invalid value: "new": field is immutable',
    ]);
  });
});

describe('endpoints', () => {
  const slice = (more: object) => faultsOf('EndpointSlice', { addressType: 'IPv4', ...more });
  const at = (...addresses: string[]) => ({ endpoints: addresses.map((address) => ({ addresses: [address] })) });

  it.each<[object, string[]]>([
    [{ subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] }, []],
    [{ subsets: [{}] }, ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`']],
    [
      { subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] },
      [
        'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ name: 'a', port: 1 }, { port: 70000 }] }] },
      [
        'subsets[0].ports[1].name: Required value',
        'subsets[0].ports[1].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      ],
    ],
  ])('%j: %j', (object, faults) => {
    expect(faultsOf('Endpoints', object)).toEqual(faults);
  });

  it('that were stored wrong may stay as they are', () => {
    const wrong = { subsets: [{}] };
    expect(faultsOfChange('Endpoints', wrong, wrong)).toEqual([]);
    expect(faultsOfChange('Endpoints', wrong, { subsets: [{}, {}] })).toHaveLength(2);
  });

  it.each<[object, string[]]>([
    [at('10.0.0.1'), []],
    [at('fd00::1'), ['endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address']],
    [at('010.0.0.1'), ['endpoints[0].addresses[0]: Invalid value: "010.0.0.1": must not have leading 0s']],
    [
      { addressType: 'IPv6', ...at('FD00::1') },
      ['endpoints[0].addresses[0]: Invalid value: "FD00::1": must be in canonical form ("fd00::1")'],
    ],
    [{ addressType: 'FQDN', ...at('web.example.test.') }, []],
    [
      { addressType: 'FQDN', ...at('web') },
      [
        'endpoints[0].addresses[0]: Invalid value: "web": should be a domain with at least two segments separated by dots',
      ],
    ],
    [{ addressType: 'Pigeon' }, ['addressType: Unsupported value: "Pigeon": supported values: "FQDN", "IPv4", "IPv6"']],
    [{ endpoints: [{ addresses: [] }] }, ['endpoints[0].addresses: Required value: must contain at least 1 address']],
    [
      { endpoints: new Array(1001).fill({ addresses: ['10.0.0.1'] }) },
      ['endpoints: Too many: 1001: must have at most 1000 items'],
    ],
    [{ ports: [{ port: 1 }, { port: 2 }] }, ['ports[1].name: Duplicate value: ""']],
    [
      { endpoints: [{ addresses: ['10.0.0.1'], hints: { forZones: [{ name: 'z' }, { name: 'z' }] } }] },
      ['endpoints[0].hints.forZones[1].name: Duplicate value: "z"'],
    ],
  ])('slices of %j: %j', (object, faults) => {
    expect(slice(object)).toEqual(faults);
  });

  it('keep their family', () => {
    expect(faultsOfChange('EndpointSlice', { addressType: 'IPv4' }, { addressType: 'IPv6' })).toEqual([
      'addressType: Invalid value: "IPv6": field is immutable',
    ]);
  });
});

describe('secrets', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const redacted = '"<secret contents redacted>"';
  it.each<[string, object, string[]]>([
    ['kubernetes.io/tls', { 'tls.crt': 'AAEC' }, ['data[tls.key]: Required value']],
    ['kubernetes.io/basic-auth', {}, ['data[username]: Required value', 'data[password]: Required value']],
    ['kubernetes.io/basic-auth', { username: '' }, []],
    ['kubernetes.io/ssh-auth', { 'ssh-privatekey': '' }, ['data[ssh-privatekey]: Required value']],
    ['kubernetes.io/dockerconfigjson', {}, ['data[.dockerconfigjson]: Required value']],
    ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': base64('{"auths":{}}') }, []],
    [
      'kubernetes.io/dockerconfigjson',
      { '.dockerconfigjson': base64('{') },
      [`data[.dockerconfigjson]: Invalid value: ${redacted}: unexpected end of JSON input`],
    ],
    [
      'kubernetes.io/dockercfg',
      { '.dockercfg': base64('[]') },
      [
        `data[.dockercfg]: Invalid value: ${redacted}: json: cannot unmarshal array into Go value of type map[string]interface {}`,
      ],
    ],
    [
      'kubernetes.io/service-account-token',
      {},
      ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
    ],
    ['example.test/mine', { anything: '' }, []],
  ])('of type %s with %j: %j', (type, data, faults) => {
    expect(faultsOf('Secret', { type, data })).toEqual(faults);
  });

  it('keep their type', () => {
    expect(faultsOfChange('Secret', { type: 'b' }, { type: 'a' })).toEqual([
      'type: Invalid value: "a": field is immutable',
    ]);
  });
});

describe('configuration', () => {
  const tooLarge = { data: { a: 'x'.repeat(1024 * 1024 + 1) } };
  it.each<[object, string]>([
    [{ data: { 'a/b': '' } }, 'data[a/b]: Invalid value: "a/b": a valid config key must consist of'],
    [{ data: { a: '' }, binaryData: { a: '' } }, 'data[a]: Invalid value: "a": duplicate of key present in binaryData'],
    [tooLarge, '[]: Too long: may not be more than 1048576 bytes'],
  ])('%#: %s', (map, fault) => {
    expect(faultsOf('ConfigMap', map).join('\n')).toContain(fault);
  });

  it('of a Secret counts in bytes, not in characters of base64', () => {
    const data = (bytes: number) => ({ data: { a: Buffer.alloc(bytes).toString('base64') } });
    expect(faultsOf('Secret', data(1024 * 1024))).toEqual([]);
    expect(faultsOf('Secret', data(1024 * 1024 + 1))).toEqual(['data: Too long: may not be more than 1048576 bytes']);
  });

  it('that is sealed stays so, with all it holds', () => {
    const before = { immutable: true, data: { a: '1' } };
    expect(faultsOfChange('ConfigMap', before, before)).toEqual([]);
    expect(faultsOfChange('ConfigMap', before, { data: { a: '2' } })).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
  });
});

describe('nodes', () => {
  const taint = { key: 'a', effect: 'NoSchedule' };
  it.each<[object, string[]]>([
    [{ spec: { taints: [{ key: 'a', effect: '' }] } }, ['metadata.taints[0].effect: Required value']],
    [
      { spec: { taints: [{ key: 'a', effect: 'Never' }] } },
      [
        'metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      { spec: { taints: [taint, taint] } },
      [
        'metadata.taints[1]: Duplicate value: {"key":"a","effect":"NoSchedule"}: taints must be unique by key and effect pair',
      ],
    ],
    [
      { status: { capacity: { 'example.com/gpu': '1500m' }, allocatable: { 'example.com/gpu': '1' } } },
      ['status.capacity.example.com/gpu: Invalid value: "1500m": must be an integer'],
    ],
    [
      { spec: { podCIDR: '10.0.0.0/33' } },
      [
        'spec.podCIDRs[0]: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [
      { spec: { podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'] } },
      [
        'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: may specify no more than one CIDR for each IP family',
      ],
    ],
  ])('%j: %j', (node, faults) => {
    expect(faultsOf('Node', node)).toEqual(faults);
  });

  it('keep what they were given', () => {
    const before = { spec: { podCIDR: '10.0.0.0/24', providerID: 'x' } };
    expect(faultsOfChange('Node', { spec: {} }, before)).toEqual([]);
    expect(faultsOfChange('Node', before, { spec: { podCIDR: '10.0.1.0/24', providerID: 'y' } })).toEqual([
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]);
  });
});

it.each<[string, object, string[]]>([
  [
    'Lease',
    { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } },
    [
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
    ],
  ],
  [
    'Lease',
    { spec: { preferredHolder: 'me' } },
    ['spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined'],
  ],
  [
    'Namespace',
    { spec: { finalizers: ['mine'] } },
    ['spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified'],
  ],
  ['Namespace', { spec: { finalizers: ['example.test/mine', 'orphan'] } }, []],
])('a %s of %j: %j', (kind, object, faults) => {
  expect(faultsOf(kind, object)).toEqual(faults);
});
