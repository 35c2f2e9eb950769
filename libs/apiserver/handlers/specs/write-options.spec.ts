import type { AdmissionCall } from '@kubernest/apiserver/contract';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
const admitted: AdmissionCall[] = [];
let api: TestServer;
beforeAll(async () => {
  const sees = { resources: ['configmaps'], on: ['create', 'update', 'delete'] } as const;
  api = await testServer({ plugins: [{ name: 'witness', sees, validate: (call) => void admitted.push(call) }] });
  await api.call(`POST ${maps}`, map);
});
afterAll(() => api[Symbol.asyncDispose]());

const types = {
  apply: 'application/apply-patch+yaml',
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;
type Verb = keyof typeof types | 'create' | 'update' | 'delete' | 'deletecollection';

function ask(verb: Verb, query: string) {
  if (verb === 'create') return api.call(`POST ${maps}?${query}`, map);
  if (verb === 'update') return api.call(`PUT ${maps}/a?${query}`, map);
  if (verb === 'delete') return api.call(`DELETE ${maps}/a?${query}`);
  if (verb === 'deletecollection') return api.call(`DELETE ${maps}?${query}`);
  const body = verb === 'json' ? [] : verb === 'apply' ? map : {};
  return api.call(`PATCH ${maps}/a?${query}`, body, { 'content-type': types[verb] });
}

const kindOf = (verb: Verb) =>
  ({ create: 'CreateOptions', update: 'UpdateOptions', delete: 'DeleteOptions', deletecollection: 'DeleteOptions' })[
    verb as 'create'
  ] ?? 'PatchOptions';

const bodies: Verb[] = ['create', 'update', 'apply', 'json', 'merge', 'strategic'];
const patches: Verb[] = ['json', 'merge', 'strategic'];
const deletions: Verb[] = ['delete', 'deletecollection'];
const long = (letters: number) => `fieldManager=${encodeURIComponent('é'.repeat(letters))}`;
const manager = 'fieldManager: Invalid value: ';
const policy = 'propagationPolicy: ';
const both = 'orphanDependents and deletionPropagation cannot be both set';
const policies = 'supported values: "Foreground", "Background", "Orphan", "nil"';
const validations = 'supported values: "", "Ignore", "Strict", "Warn"';

describe('the options of a write are checked as Kubernetes checks them', () => {
  test.each<[Verb[], string, string]>([
    [patches, 'force=true', 'force: Forbidden: may not be specified for non-apply patch'],
    [patches, 'force=', 'force: Forbidden: may not be specified for non-apply patch'],
    [patches, 'force=false', 'force: Forbidden: may not be specified for non-apply patch'],
    [['apply'], 'force=true', 'fieldManager: Required value: is required for apply patch'],
    [bodies, long(65), 'fieldManager: Too long: may not be more than 128 bytes'],
    [bodies, 'fieldManager=a%00b', `${manager}"a\\x00b": invalid character U+0000 (at position 1)`],
    [bodies, 'fieldManager=a%C2%A0b', `${manager}"a\\u00a0b": invalid character U+00A0 (at position 1)`],
    [
      bodies,
      'fieldManager=a%0Ab%E2%80%A8c',
      `[${manager}"a\\nb\\u2028c": invalid character U+000A (at position 1), ${manager}"a\\nb\\u2028c": invalid character U+2028 (at position 3)]`,
    ],
    [bodies, 'fieldManager=m&dryRun=', 'dryRun: Unsupported value: [""]: supported values: "All"'],
    [bodies, 'fieldManager=m&dryRun=All,All', 'dryRun: Unsupported value: ["All,All"]: supported values: "All"'],
    [bodies, 'fieldManager=m&dryRun=x&dryRun=All', 'dryRun: Unsupported value: ["x","All"]: supported values: "All"'],
    [bodies, 'fieldManager=m&fieldValidation=strict', `fieldValidation: Unsupported value: "strict": ${validations}`],
    [
      bodies,
      'fieldManager=%09&dryRun=b&fieldValidation=c',
      `[${manager}"\\t": invalid character U+0009 (at position 0), dryRun: Unsupported value: ["b"]: supported values: "All", fieldValidation: Unsupported value: "c": ${validations}]`,
    ],
    [deletions, 'propagationPolicy=x', `${policy}Unsupported value: "x": ${policies}`],
    [deletions, 'propagationPolicy=Orphan&orphanDependents=', `${policy}Invalid value: "Orphan": ${both}`],
    [deletions, 'dryRun=', 'dryRun: Unsupported value: [""]: supported values: "All"'],
  ])('%s?%s', async (verbs, query, faults) => {
    for (const verb of verbs) {
      const { status, object } = await ask(verb, query);
      expect([verb, status, object.message]).toEqual([
        verb,
        422,
        `${kindOf(verb)}.meta.k8s.io "" is invalid: ${faults}`,
      ]);
      expect(object.details).toMatchObject({ group: 'meta.k8s.io', kind: kindOf(verb) });
    }
  });

  test('all of a deletion’s faults are told at once, of a body too', async () => {
    const faults = `[${policy}Invalid value: "x": ${both}, ${policy}Unsupported value: "x": ${policies}, dryRun: Unsupported value: ["q"]: supported values: "All"]`;
    const body = { propagationPolicy: 'x', orphanDependents: true, dryRun: ['q'] };
    const { status, object } = await api.call(`DELETE ${maps}/a`, body);
    expect([status, object.message]).toEqual([422, `DeleteOptions.meta.k8s.io "" is invalid: ${faults}`]);
  });

  test.each(['gracePeriodSeconds=', 'gracePeriodSeconds=abc'])('%s is no number: 400', async (query) => {
    const said = query.split('=')[1];
    const { status, object } = await ask('delete', query);
    expect([status, object.message]).toEqual([400, `strconv.ParseInt: parsing "${said}": invalid syntax`]);
  });

  test.each([
    long(64),
    'fieldManager=%F0%9F%98%80',
    'fieldManager=m&dryRun=All&dryRun=All',
    'fieldManager=m&fieldValidation=',
  ])('%s is well said', async (query) => {
    for (const verb of bodies.filter((each) => each !== 'create'))
      expect([verb, (await ask(verb, `${query}&dryRun=All`)).status]).toEqual([verb, 200]);
  });

  test('admission is told the options under the name of what is done, a patch’s as an update’s', async () => {
    admitted.length = 0;
    await ask('merge', 'fieldManager=m&dryRun=All&fieldValidation=Strict');
    await ask('delete', 'dryRun=All');
    const apiVersion = 'meta.k8s.io/v1';
    expect(admitted.map(({ operation, options }) => [operation, options])).toEqual([
      ['update', { apiVersion, kind: 'UpdateOptions', dryRun: ['All'], fieldManager: 'm', fieldValidation: 'Strict' }],
      ['delete', { apiVersion, kind: 'DeleteOptions', dryRun: ['All'] }],
    ]);
  });

  test('a client that calls itself something unprintable owns its fields under what of it can be printed', async () => {
    const { object } = await api.call(
      `POST ${maps}`,
      { ...map, metadata: { name: 'agent' }, data: { a: '' } },
      {
        'user-agent': `ku\u00a0be${'é'.repeat(70)}/1`,
      },
    );
    expect(object.metadata.managedFields[0].manager).toBe(`kube${'é'.repeat(62)}`);
  });
});

describe('what is applied says what it is', () => {
  test.each([
    [{ apiVersion: undefined }, '/, Kind=ConfigMap'],
    [{ apiVersion: '' }, '/, Kind=ConfigMap'],
    [{ kind: undefined }, '/v1, Kind='],
    [{ apiVersion: undefined, kind: undefined }, '/, Kind='],
    [{ apiVersion: 'v2' }, '/v2, Kind=ConfigMap'],
    [{ apiVersion: 'apps/v1', kind: 'Deployment' }, 'apps/v1, Kind=Deployment'],
    [{ apiVersion: 'a/b/c' }, '/, Kind='],
  ])('%j is refused', async (said, told) => {
    for (const name of ['a', 'missing']) {
      const body = { ...map, ...said, metadata: { name } };
      const line = `PATCH ${maps}/${name}?fieldManager=m`;
      const { status, object } = await api.call(line, body, { 'content-type': types.apply });
      expect([status, object.message]).toEqual([400, `invalid object type: ${told}`]);
    }
  });

  test('a uid where there is no object is a conflict', async () => {
    const body = { ...map, metadata: { name: 'missing', uid: 'abc' } };
    const line = `PATCH ${maps}/missing?fieldManager=m`;
    const { status, object } = await api.call(line, body, { 'content-type': types.apply });
    const why = 'uid mismatch: the provided object specified uid abc, and no existing object was found';
    expect([status, object.reason, object.message]).toEqual([
      409,
      'Conflict',
      `Operation cannot be fulfilled on configmaps "missing": ${why}`,
    ]);
  });
});

describe('unknown and repeated fields of a YAML text', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, unknownMeta: 1}
spec:
  unknownDupe: 1
  unknownDupe: 2
  unknown1: 1
  paused: true
  paused: false
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
      - {name: c, image: i, zz: 1, unknownNested: 1}
      - {name: d, image: i, aa: 1}
`;
  const unknown = [
    'unknown field "metadata.unknownMeta"',
    'unknown field "spec.template.spec.containers[0].unknownNested"',
    'unknown field "spec.template.spec.containers[0].zz"',
    'unknown field "spec.template.spec.containers[1].aa"',
    'unknown field "spec.unknown1"',
    'unknown field "spec.unknownDupe"',
  ];
  const lines = ['line 6: key "unknownDupe" already set in map', 'line 9: key "paused" already set in map'];
  const post = (how: string) =>
    api.call(`POST /apis/apps/v1/namespaces/default/deployments?dryRun=All&fieldValidation=${how}`, text, {
      'content-type': 'application/yaml',
    });

  test('Strict tells the reader’s lines as one fault, then the unknown fields in the order of sorted keys', async () => {
    const { status, object } = await post('Strict');
    const faults = [`yaml: unmarshal errors:\n  ${lines.join('\n  ')}`, ...unknown].join(', ');
    expect([status, object.message]).toEqual([
      400,
      `Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: ${faults}`,
    ]);
  });

  test('Warn tells them one by one', async () => {
    const { headers } = await post('Warn');
    const told = [...headers['warning']!.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, one]) =>
      JSON.parse(`"${one}"`),
    );
    expect(told).toEqual([...lines, ...unknown]);
  });
});
