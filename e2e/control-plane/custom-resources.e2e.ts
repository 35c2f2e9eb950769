import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../cluster/test-cluster.ts';
import { TwoApis } from './support/two-apis.ts';

let two: TwoApis;
beforeAll(async () => {
  two = await TwoApis.start();
});
afterAll(async () => {
  await two?.[Symbol.asyncDispose]();
});

const lampDefinition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: lamps, singular: lamp, kind: Lamp, shortNames: [lp], categories: [lights]}
  versions:
    - name: v1
      served: true
      storage: true
      subresources:
        status: {}
        scale: {specReplicasPath: .spec.bulbs, statusReplicasPath: .status.bulbs}
      additionalPrinterColumns:
        - {name: Watts, type: integer, jsonPath: .spec.watts}
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [watts]
              properties:
                watts: {type: integer, minimum: 1, maximum: 100, description: How bright it is.}
                lit: {type: boolean, default: true}
                bulbs: {type: integer}
                serial: {type: integer, format: int64}
            status:
              type: object
              properties: {bulbs: {type: integer}}
`;
const lamp = (name: string, spec = '{watts: 5}', finalizers = '') =>
  `{apiVersion: example.com/v1, kind: Lamp, metadata: {name: ${name}${finalizers}}, spec: ${spec}}`;

it('a custom kind is served by every API server once it is established, like any other', async () => {
  const { a, b } = two;
  await a.kubectl(['apply', '-f', '-'], lampDefinition);
  await a.kubectl(['wait', '--for=condition=Established', '--timeout=20s', 'crd/lamps.example.com']);
  // Established says that the other server has it, too.
  expect(await b.kubectl(['get', 'lamps.v1.example.com', '-o', 'name'])).toBe('');
  await a.kubectl(['apply', '-f', '-'], lamp('desk'));
  await eventually(async () => {
    const table = await b.kubectl(['get', 'lp', '--no-headers']);
    expect(table.trim().split(/\s+/)).toEqual(['desk', '5']);
  });
  expect(await b.kubectl(['get', 'lights', '-o', 'name'])).toBe('lamp.example.com/desk\n');
  expect(await b.kubectl(['get', 'lamp', 'desk', '-o', 'jsonpath={.spec.lit}'])).toBe('true');
  expect(await b.kubectl(['explain', 'lamp.spec.watts'])).toContain('How bright it is.');
  expect(await b.kubectl(['scale', 'lamp/desk', '--replicas=3'])).toContain('scaled');
  expect(await a.kubectl(['get', 'lamp', 'desk', '-o', 'jsonpath={.spec.bulbs}'])).toBe('3');
});

it('what its schema refuses kubectl tells in its words', async () => {
  const refused = two.a.kubectl(['apply', '--validate=false', '-f', '-'], lamp('sun', '{watts: 500}'));
  await expect(refused).rejects.toThrow(
    'spec.watts: Invalid value: 500: spec.watts in body should be less than or equal to 100',
  );
});

it('whole numbers of 64 bits are kept, whichever way they come and on every server', async () => {
  const { a, b } = two;
  const numbered = (serial: string) => lamp('numbered', `{watts: 5, serial: ${serial}}`);
  const serial = () => b.kubectl(['get', 'lamp', 'numbered', '-o', 'jsonpath={.spec.serial}']);
  const kept = (digits: string) => eventually(async () => expect(await serial()).toBe(digits));
  await a.kubectl(['apply', '-f', '-'], numbered('1711111111111111111'));
  await kept('1711111111111111111');
  // Where kubectl applies on its own side, it compares them as fractions.
  await b.kubectl(['replace', '-f', '-'], numbered('1711111111111111112'));
  await kept('1711111111111111112');
  await a.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], numbered('-9223372036854775808'));
  await kept('-9223372036854775808');
  await a.kubectl(['patch', 'lamp', 'numbered', '--type=merge', '-p', '{"spec":{"serial":9007199254740993}}']);
  await kept('9007199254740993');
  await b.kubectl(['label', 'lamp', 'numbered', 'a=b']);
  await kept('9007199254740993');
});

it('it goes with its namespace and by its owner, as any object', async () => {
  const { a } = two;
  await a.kubectl(['create', 'namespace', 'attic']);
  await a.kubectl(['-n', 'attic', 'apply', '-f', '-'], lamp('old'));
  await a.kubectl(['delete', 'namespace', 'attic', '--timeout=30s']);
  await a.kubectl(['create', 'configmap', 'owner']);
  const uid = await a.kubectl(['get', 'configmap', 'owner', '-o', 'jsonpath={.metadata.uid}']);
  const owners = `, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: ${uid}}]`;
  await a.kubectl(['apply', '-f', '-'], lamp('owned', '{watts: 1}', owners));
  await a.kubectl(['delete', 'configmap', 'owner']);
  await a.kubectl(['wait', '--for=delete', '--timeout=30s', 'lamp/owned']);
});

it('a server that was killed serves it again from its first answer on', async () => {
  const { a } = two;
  await a.end('SIGKILL');
  await a.start();
  expect(await a.kubectl(['get', 'lamp', 'desk', '-o', 'jsonpath={.spec.watts}'])).toBe('5');
});

it('a kind that goes takes its objects with it, once nothing holds them, on every server', async () => {
  const { a, b } = two;
  await a.kubectl(['apply', '-f', '-'], lamp('held', '{watts: 1}', ', finalizers: [example.com/held]'));
  await b.kubectl(['delete', 'crd', 'lamps.example.com', '--wait=false']);
  await eventually(async () => {
    expect(await b.kubectl(['get', 'lamps', '-o', 'name'])).toBe('lamp.example.com/held\n');
  });
  await expect(a.kubectl(['create', '-f', '-'], lamp('late'))).rejects.toThrow(
    'create not allowed while custom resource definition is terminating',
  );
  await a.kubectl(['patch', 'lamp', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
  await a.kubectl(['wait', '--for=delete', '--timeout=30s', 'crd/lamps.example.com']);
  await eventually(async () => {
    for (const api of [a, b])
      await expect(api.kubectl(['get', '--raw', '/apis/example.com/v1'])).rejects.toThrow('not find the requested');
  });
});
