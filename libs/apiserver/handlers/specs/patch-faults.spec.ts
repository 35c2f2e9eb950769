import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// What Kubernetes 1.36 answers each of these.

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const secrets = '/api/v1/namespaces/default/secrets';
let api: TestServer;
beforeAll(async () => {
  api = await testServer();
  const pod = { containers: [{ name: 'c', image: 'i', command: ['sh'] }], nodeSelector: { k: 'v' } };
  const template = { metadata: { labels: { a: 'b' } }, spec: pod };
  const metadata = { name: 'd', labels: { x: 'y' }, finalizers: ['e.x/f'] };
  const spec = { replicas: 2, selector: { matchLabels: { a: 'b' } }, template };
  await api.call(`POST ${deployments}`, { metadata, spec });
  await api.call(`POST ${secrets}`, { metadata: { name: 'd' }, data: { a: 'YQ==' } });
});
afterAll(() => api[Symbol.asyncDispose]());

type How = 'json' | 'merge' | 'strategic-merge';
type Validation = '' | 'Strict' | 'Warn' | 'Ignore';
const patch = (how: How, body: string, validation: Validation = '', url = `${deployments}/d`) =>
  api.call(`PATCH ${url}?dryRun=All&fieldValidation=${validation}`, body, {
    'content-type': `application/${how}-patch+json`,
  });

/** A refusal that shows what was made, or the patch (the beginning, where that is long): why, and what it shows. */
function refusal(object: { message: string; details: object }): readonly [string, string] {
  const [, shown = '', cut = '', why = ''] =
    /^ "" is invalid: patch: Invalid value: ("(?:\\.|[^"\\])*")(…?): (.*)$/s.exec(object.message)!;
  expect(object).toMatchObject({ code: 422, reason: 'Invalid' });
  const cause = { reason: 'FieldValueInvalid', message: `Invalid value: ${shown}${cut}: ${why}`, field: 'patch' };
  expect(object.details).toEqual({ causes: [cause] });
  return [why, JSON.parse(shown)];
}

const at = (path: string, value: string) => `[{"op":"add","path":"${path}","value":${value}}]`;
const nested = (path: string, value: string) =>
  path
    .split('/')
    .slice(1)
    .reduceRight((inner, key) => `{"${key}":${inner}}`, value);
const field = (value: string, of: string, type: string) =>
  `json: cannot unmarshal ${value} into Go struct field ${of} of type ${type}`;

describe('a field of a wrong type', () => {
  const replicas = '/spec/replicas';
  const surge = '/spec/strategy/rollingUpdate/maxSurge';
  const created = '/metadata/creationTimestamp';
  const notATime = 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"';
  test.each<[string, string, string, string]>([
    [replicas, '"x"', field('string', 'DeploymentSpec.spec.replicas', 'int32'), 'unrecognized type: int32'],
    [replicas, '1.5', field('number 1.5', 'DeploymentSpec.spec.replicas', 'int32'), 'cannot convert float64 to int32'],
    [replicas, '{"a":1}', field('object', 'DeploymentSpec.spec.replicas', 'int32'), 'unrecognized type: int32'],
    ['/spec/paused', '1', field('number', 'DeploymentSpec.spec.paused', 'bool'), 'unrecognized type: bool'],
    [
      '/spec/strategy',
      '"x"',
      field('string', 'DeploymentSpec.spec.strategy', 'v1.DeploymentStrategy'),
      'cannot restore struct from: string',
    ],
    [
      '/spec/strategy',
      '[1]',
      field('array', 'DeploymentSpec.spec.strategy', 'v1.DeploymentStrategy'),
      'cannot restore struct from: slice',
    ],
    [
      '/metadata/labels',
      'true',
      field('bool', 'ObjectMeta.metadata.labels', 'map[string]string'),
      'cannot restore map from bool',
    ],
    [
      '/metadata/labels/x',
      '5',
      field('number', 'ObjectMeta.metadata.labels', 'string'),
      'cannot convert int64 to string',
    ],
    ['/metadata/labels/x', '1.5', field('number', 'ObjectMeta.metadata.labels', 'string'), 'unrecognized type: string'],
    [
      '/metadata/finalizers',
      '{"a":1}',
      field('object', 'ObjectMeta.metadata.finalizers', '[]string'),
      'cannot restore slice from map',
    ],
    [
      surge,
      'true',
      field('bool', 'RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge', 'int32'),
      'json: cannot unmarshal bool into Go value of type int32',
    ],
    [
      created,
      '5',
      field('number', 'ObjectMeta.metadata.creationTimestamp', 'string'),
      'json: cannot unmarshal number into Go value of type string',
    ],
    [created, '"x"', notATime, notATime],
  ])('%s: %s', async (path, value, read, converted) => {
    const [ofJson, shown] = refusal((await patch('json', at(path, value))).object);
    const [ofMerge, alsoShown] = refusal((await patch('merge', nested(path, value))).object);
    expect([ofJson, ofMerge]).toEqual([read, read]);
    for (const text of [shown, alsoShown])
      expect(JSON.parse(text)).toMatchObject({ ...JSON.parse(nested(path, value)), kind: 'Deployment' });
    const [why, shownPatch] = refusal((await patch('strategic-merge', nested(path, value))).object);
    expect(why).toBe(converted);
    expect(shownPatch).toMatch(/^map\[(spec|metadata):map\[/);
  });

  test.each<[How, string]>([
    ['merge', '{"spec":{"replicas":"x","paused":"y"}}'],
    ['json', `[${['replicas', 'paused'].map((name) => at(`/spec/${name}`, '"x"').slice(1, -1)).join(',')}]`],
  ])('of several the first by name is told: %s', async (how, body) => {
    const [why] = refusal((await patch(how, body)).object);
    expect(why).toBe(field('string', 'DeploymentSpec.spec.paused', 'bool'));
  });

  test('an integer too large for its field is stored as no other', async () => {
    const [read] = refusal((await patch('merge', '{"spec":{"replicas":99999999999}}')).object);
    expect(read).toBe(field('number 99999999999', 'DeploymentSpec.spec.replicas', 'int32'));
    const strategic = await patch('strategic-merge', '{"spec":{"replicas":99999999999}}');
    expect(refusal(strategic.object)).toEqual(['cannot convert int64 to int32', 'map[spec:map[replicas:99999999999]]']);
  });

  test('is told the same of a patch that another thread reads', async () => {
    const body = `{"metadata":{"annotations":{"p":"${'x'.repeat(100_000)}"}},"spec":{"replicas":"x"}}`;
    const [read] = refusal((await patch('merge', body)).object);
    expect(read).toBe(field('string', 'DeploymentSpec.spec.replicas', 'int32'));
    expect(refusal((await patch('strategic-merge', body)).object)[0]).toBe('unrecognized type: int32');
  });

  test('bytes that are no base64', async () => {
    const ofSecret = (how: How, body: string) => patch(how, body, '', `${secrets}/d`);
    const why = 'illegal base64 data at input byte 0';
    expect(refusal((await ofSecret('merge', '{"data":{"a":"x"}}')).object)[0]).toBe(why);
    const [converted] = refusal((await ofSecret('strategic-merge', '{"data":{"a":"x"}}')).object);
    expect(converted).toBe(`error decoding from json: ${why}`);
  });

  test('what is shown has the keys of what was patched in order, and nothing that ends a page', async () => {
    const [, shown] = refusal((await patch('merge', '{"spec":{"replicas":"<x>"}}')).object);
    expect(shown).toContain('"replicas":"\\u003cx\\u003e"');
    const keys = Object.keys(JSON.parse(shown));
    expect(keys).toEqual([...keys].sort());
  });
});

describe('fields that are unknown or there twice', () => {
  const pod = '{"spec":{"template":{"spec":{"zzz":1,"Containers":[],"nodeSelector":{"k":"v","k":"w"}}}}}';
  const inPod = 'spec.template.spec';
  const [twice, upper, lower] = [
    `duplicate field "${inPod}.nodeSelector.k"`,
    `unknown field "${inPod}.Containers"`,
    `unknown field "${inPod}.zzz"`,
  ];
  test.each<[How, string, readonly string[]]>([
    ['merge', pod, [twice, upper, lower]],
    ['strategic-merge', pod, [twice, upper, lower]],
    ['merge', '{"spec":{"a\\"b":1}}', ['unknown field "spec.a\\"b"']],
    ['strategic-merge', '{"spec":{"a\\"b":1}}', ['unknown field "spec.a"b"']],
    [
      'json',
      '[{"op":"add","path":"/spec/zzz","value":1},{"op":"add","path":"/aaa","value":1}]',
      ['unknown field "aaa"', 'unknown field "spec.zzz"'],
    ],
    [
      'json',
      '[{"op":"test","path":"/spec/replicas","value":2,"value":2,"foo":1,"foo":2}]',
      ['json patch duplicate field "[0].value"', 'json patch unknown field "[0].foo"'],
    ],
  ])('%s %s', async (how, body, faults) => {
    expect(refusal((await patch(how, body, 'Strict')).object)[0]).toBe(`strict decoding error: ${faults.join(', ')}`);
    const warned = await patch(how, body, 'Warn');
    expect(warned.status).toBe(200);
    const quoted = faults.map((fault) => `299 - "${fault.replace(/["\\]/g, '\\$&')}"`);
    expect(warned.headers['warning']).toBe(quoted.join(', '));
    expect((await patch(how, body, 'Ignore')).headers['warning']).toBeUndefined();
  });

  test('a wrong type is told before them', async () => {
    const [why] = refusal((await patch('merge', '{"spec":{"bogus":1,"replicas":"x"}}', 'Strict')).object);
    expect(why).toBe(field('string', 'DeploymentSpec.spec.replicas', 'int32'));
  });
});

const value = (kind: string, type: string) => `json: cannot unmarshal ${kind} into Go value of type ${type}`;
const decoding = 'error decoding patch: ';

describe('what is no patch', () => {
  const anObject = 'map[string]interface {}';
  test.each<[How, string, string, string]>([
    ['json', '{}', `${decoding}${value('object', '[]handlers.jsonPatchOp')}`, value('object', 'jsonpatch.Patch')],
    ['json', '[5]', `${decoding}${value('number', 'handlers.jsonPatchOp')}`, value('number', 'jsonpatch.Operation')],
    ['json', '[', `${decoding}unexpected end of JSON input`, 'unexpected end of JSON input'],
    ['merge', '5', `${decoding}${value('number', anObject)}`, 'Invalid JSON Patch'],
    ['merge', 'null', 'Invalid JSON Patch', 'Invalid JSON Patch'],
    ['merge', '{', `${decoding}unexpected end of JSON input`, 'Invalid JSON Patch'],
    ['merge', '{"a":1e400}', `${decoding}json: cannot unmarshal number 1e400 into Go value of type float64`, ''],
    ['strategic-merge', '[]', value('array', anObject), value('array', anObject)],
    ['strategic-merge', '{', 'unexpected end of JSON input', 'unexpected end of JSON input'],
  ])('%s %s', async (how, body, checked, unchecked) => {
    const answer = (message: string) => ({ code: 400, reason: 'BadRequest', message });
    for (const validation of ['', 'Strict', 'Warn'] as const)
      expect((await patch(how, body, validation)).object).toMatchObject(answer(checked));
    if (unchecked) expect((await patch(how, body, 'Ignore')).object).toMatchObject(answer(unchecked));
  });

  test.each([
    ['op', '5'],
    ['path', '{"a":1}'],
    ['from', 'true'],
  ])('an operation whose %s is %s', async (member, wrong) => {
    const body = JSON.stringify([{ op: 'move', from: '/a', path: '/b', [member]: JSON.parse(wrong) }]);
    const kind = { '5': 'number', true: 'bool' }[wrong] ?? 'object';
    const message = `${decoding}${field(kind, `jsonPatchOp.${member}`, 'string')}`;
    expect((await patch('json', body)).object).toMatchObject({ code: 400, message });
    expect((await patch('json', body, 'Ignore')).object).toMatchObject({ code: 422, reason: 'Invalid' });
  });

  test.each(['json', 'strategic-merge'] as const)('null does nothing: %s', async (how) => {
    expect((await patch(how, 'null')).status).toBe(200);
  });

  test('is not even read where nothing is there', async () => {
    const { object } = await patch('merge', 'x', '', `${deployments}/nope`);
    expect(object).toMatchObject({ code: 404, message: 'deployments.apps "nope" not found' });
  });
});

describe('a JSON patch that does not apply', () => {
  test.each([
    ['{"op":"test","path":"/spec/replicas","value":3}', 'testing value /spec/replicas failed: test failed'],
    ['{"op":"frob","path":"/a"}', 'unexpected kind: frob'],
    ['{"op":"add"}', 'add operation failed to decode path'],
    ['{"op":"move","path":"/a"}', 'move operation failed to decode from'],
    [
      '{"op":"remove","path":"/zzz/y"}',
      'remove operation does not apply: doc is missing path: "/zzz/y": missing value',
    ],
    [
      '{"op":"move","from":"/metadata/labels/x","path":"/spec/template/spec/containers/5"}',
      "error in move for path: '/spec/template/spec/containers/5': Unable to access invalid index: 5: invalid index referenced",
    ],
    ['{"op":"replace","path":"","value":5}', 'replace operation value must be object or array'],
  ])('%s', async (operation, why) => {
    const { object } = await patch('json', `[${operation}]`);
    const message = 'the server rejected our request due to an error in our request';
    // Kubernetes keeps the cause to itself.
    expect(object).toMatchObject({ code: 422, reason: 'Invalid', message, details: { causes: [{ message: why }] } });
  });
});

describe('what a patch says the object is', () => {
  const unregistered = (kind: string, version: string) =>
    `no kind "${kind}" is registered for version "${version}" in scheme "pkg/runtime/scheme.go:111"`;
  const unread = (kind: string, target: string) =>
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${kind} into ${target}`;
  test.each([
    ['{"kind":"Nope"}', unregistered('Nope', 'apps/v1')],
    ['{"apiVersion":"v2"}', unregistered('Deployment', 'v2')],
    ['{"apiVersion":"x/y/z"}', 'unexpected GroupVersion string: x/y/z'],
    ['{"kind":5}', unread('number', 'Go struct field .kind of type string')],
  ])('%s', async (body, why) => {
    expect(refusal((await patch('merge', body)).object)[0]).toBe(why);
  });

  test('that it is a list', async () => {
    const type =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    expect(refusal((await patch('merge', '[1]', 'Ignore')).object)).toEqual([
      unread('array', `Go value of type ${type}`),
      '[1]',
    ]);
  });

  test('is passed over where its type is known', async () => {
    expect((await patch('strategic-merge', '{"kind":"Nope","apiVersion":"v2"}')).object).toMatchObject({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
    });
  });

  test.each([
    ['deletionTimestamp', '"2020-01-01T00:00:00Z"', '"2020-01-01T00:00:00Z"'],
    ['deletionGracePeriodSeconds', '4', '4'],
  ])('its %s is not to be changed', async (name, sent, shown) => {
    const message = `Deployment.apps "d" is invalid: metadata.${name}: Invalid value: ${shown}: field is immutable`;
    for (const how of ['merge', 'strategic-merge'] as const)
      expect((await patch(how, `{"metadata":{"${name}":${sent}}}`)).object).toMatchObject({ code: 422, message });
  });
});
