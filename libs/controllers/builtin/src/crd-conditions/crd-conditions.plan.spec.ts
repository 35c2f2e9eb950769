import type { SentDefinition } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../shared/conditions.ts';
import { isInstalling } from '../shared/installing.ts';
import { planStatus } from './crd-conditions.plan.ts';
import { schemaConditions } from './schema-conditions.ts';

const now = new Date('2026-01-01T00:10:00Z');
const names = { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList' };
const lastTransitionTime = '2026-01-01T00:00:00Z';
const accepted = {
  type: 'NamesAccepted',
  status: 'True',
  reason: 'NoConflicts',
  message: 'no conflicts found',
  lastTransitionTime,
};
const installing = {
  type: 'Established',
  status: 'False',
  reason: 'Installing',
  message: 'the initial names have been accepted',
  lastTransitionTime,
};
const established = { ...installing, status: 'True', reason: 'InitialNamesAccepted' };
const crd = (spec: object = {}, status: object = {}, annotations = {}): SentDefinition => ({
  metadata: { name: 'lamps.example.com', creationTimestamp: lastTransitionTime, annotations },
  spec: { group: 'example.com', names, versions: [], ...spec },
  status: { acceptedNames: names, conditions: [], ...status },
});
const planned = (of: SentDefinition, over: { others?: SentDefinition[] } = {}) =>
  planStatus(of, {
    group: [of, ...(over.others ?? [])],
    schemas: [],
    now,
  });
const told = (...args: Parameters<typeof planned>) =>
  planned(...args).conditions.map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`);
const NAMES = 'NamesAccepted=True NoConflicts: no conflicts found';
const INSTALLING = 'Established=False Installing: the initial names have been accepted';
const ESTABLISHED = 'Established=True InitialNamesAccepted: the initial names have been accepted';
const rival: SentDefinition = {
  metadata: { name: 'lights.example.com' },
  spec: { group: 'example.com', names: { plural: 'lights', kind: 'Lamp' } },
  status: { acceptedNames: { plural: 'lights', kind: 'Lamp' } },
};
const taken = 'NamesAccepted=False KindConflict: "Lamp" is already in use';

describe('established is', () => {
  const fresh = { acceptedNames: { plural: '', kind: '' } };
  const stored = { conditions: [accepted, installing] };
  it.each<[string, SentDefinition, Parameters<typeof planned>[1], string[]]>([
    ['nothing whose names are accepted just now', crd({}, fresh), {}, [NAMES, INSTALLING]],
    ['not for its names alone', crd({}, stored), {}, [NAMES, INSTALLING]],
    [
      'nothing that lacks a name',
      crd({}, fresh),
      { others: [rival] },
      [taken, 'Established=False NotAccepted: not all names are accepted'],
    ],
    [
      'for ever: also while a new name is refused, and while a new server starts',
      crd({}, { acceptedNames: { ...names, kind: 'Old' }, conditions: [accepted, established] }),
      { others: [rival] },
      [taken, ESTABLISHED],
    ],
    [
      'left with what was found wrong by who establishes it',
      crd({}, { conditions: [accepted, { ...installing, reason: 'InvalidCABundle' }] }),
      {},
      [NAMES, INSTALLING.replace('Installing', 'InvalidCABundle')],
    ],
  ])('%s', (_, of, over, conditions) => {
    expect(told(of, over)).toEqual(conditions);
  });

  it('waited for between the names and all servers', () => {
    const going = { ...crd({}, stored), metadata: { name: 'a', deletionTimestamp: lastTransitionTime } };
    expect(
      [crd({}, stored), crd({}, { conditions: [accepted, established] }), crd({}, {}), going].map(isInstalling),
    ).toEqual([true, false, false, false]);
  });
});

it('a conflict that is given up is none any more, and times change with the status alone', () => {
  const before = { ...accepted, status: 'False', reason: 'ShortNamesConflict', message: '"l" is already in use' };
  const theirs = { type: 'Theirs', status: 'True', lastTransitionTime };
  const { conditions } = planned(crd({}, { conditions: [theirs, before, installing] }));
  expect(conditions).toEqual([theirs, { ...accepted, lastTransitionTime: '2026-01-01T00:10:00Z' }, installing]);
});

it.each<[string, string | undefined, string | undefined]>([
  ['example.com', undefined, undefined],
  [
    'example.k8s.io',
    undefined,
    'False MissingAnnotation: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
  ],
  ['k8s.io', 'https://example.com/1', 'True ApprovedAnnotation: approved in https://example.com/1'],
  [
    'a.kubernetes.io',
    'unapproved, a "test"',
    String.raw`False UnapprovedAnnotation: not approved: "unapproved, a \"test\""`,
  ],
  [
    'a.kubernetes.io',
    'yes',
    'False InvalidAnnotation: protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
  ],
])('of the group %s with the approval %s it is said: %s', (group, text, expected) => {
  const of = crd({ group }, {}, text === undefined ? {} : { 'api-approved.kubernetes.io': text });
  const type = 'KubernetesAPIApprovalPolicyConformant';
  const found = told(of).find((line) => line.startsWith(type));
  expect(found).toBe(expected && `${type}=${expected}`);
});

describe('schemas', () => {
  const version = (name: string, openAPIV3Schema?: object) => ({
    name,
    ...(openAPIV3Schema && { schema: { openAPIV3Schema } }),
  });
  const rule = {
    type: 'object',
    properties: { a: { type: 'string', 'x-kubernetes-validations': [{ rule: 'true' }] } },
  };
  it.each<[string, object, string[]]>([
    ['that are fine', { versions: [version('v1', { type: 'object' }), version('v2')] }, []],
    [
      'one fault',
      { versions: [version('v1', { type: 'object' }), version('v2', { type: 'object', properties: { a: {} } })] },
      [
        'NonStructuralSchema=True Violations: spec.versions[1].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields',
      ],
    ],
    [
      'several',
      { preserveUnknownFields: true, versions: [version('v1', {})] },
      [
        'NonStructuralSchema=True Violations: [spec.preserveUnknownFields: Invalid value: true: must be false, spec.versions[0].schema.openAPIV3Schema.type: Required value: must not be empty at the root]',
      ],
    ],
    [
      'a keyword that nobody may use',
      { versions: [version('v1', { type: 'object', $ref: '#/a' })] },
      [
        "NonStructuralSchema=Unknown StructuralError: failed to check validation schema for version v1: OpenAPIV3Schema '$ref' is not supported",
      ],
    ],
    [
      'rules that nobody enforces',
      { versions: [version('v1', rule), version('v2', { type: 'object' }), version('v3', rule)] },
      [
        'ValidationRulesNotEnforced=True ExpressionsNotSupported: x-kubernetes-validations are not enforced by this server yet: schema of v1, v3',
      ],
    ],
  ])('%s', async (_, spec, expected) => {
    const conditions = await schemaConditions(crd(spec));
    expect(conditions.map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`)).toEqual(
      expected,
    );
  });

  it('of which there is nothing to say any more, nothing is said', async () => {
    const said = await schemaConditions(crd({ versions: [version('v1', rule), version('v2', {})] }));
    expect(said).toHaveLength(2);
    const of = crd({}, { conditions: said });
    expect(conditionsOf(of)).toEqual(said);
    expect(planned(of).conditions.map(({ type }) => type)).toEqual(['NamesAccepted', 'Established']);
  });
});
