import { builtinKinds } from '@kubernest/kinds';
import { systemClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { Forms } from './forms.ts';
import { kindsProtobuf } from './kinds-protobuf.ts';
import { partialType } from './partial-form.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const forms = new Forms(systemClock, kindsProtobuf);
const review = builtinKinds.find(({ kind }) => kind === 'TokenReview')!;
const answer = (object: object, accept = 'application/json') =>
  forms.single({ headers: { accept } } as never, { object: object as never, type: review }).content;
const wide = {
  metadata: { annotations: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 'v'])) },
};

it('an answer that is no stored object and small is one piece', () => {
  expect(answer({ metadata: { name: 'x' } })).toEqual(Buffer.from('{"metadata":{"name":"x"}}'));
});

it('in protobuf, too', () => {
  const object = { metadata: { name: 'x' }, spec: { token: 'y' } } as never;
  expect(answer(object, PROTOBUF)).toEqual(kindsProtobuf.encode(object, review));
});

it.each(['v1', 'v1beta1'])('in protobuf its metadata alone, of meta.k8s.io/%s', (version) => {
  const object = { metadata: { name: 'x' }, spec: { token: 'y' } } as never;
  const bytes = answer(object, `${PROTOBUF};as=PartialObjectMetadata;g=meta.k8s.io;v=${version}`) as Uint8Array;
  expect(kindsProtobuf.decode(bytes, partialType(version))).toEqual({
    kind: 'PartialObjectMetadata',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: { name: 'x' },
  });
});

const readProtobuf = (bytes: Buffer): unknown => {
  const { metadata } = kindsProtobuf.decode(bytes, review);
  return { metadata: { annotations: metadata.annotations } };
};

it.each([
  ['application/json', (bytes: Buffer) => JSON.parse(bytes.toString()) as unknown],
  ['application/yaml', (bytes: Buffer) => parse(bytes.toString()) as unknown],
  [PROTOBUF, readProtobuf],
])('a large one in %s is made in many steps, with rests between', (accept, read) => {
  const parts = [...(answer(wide, accept) as Iterable<Uint8Array | undefined>)];
  expect(parts.filter((part) => part === undefined).length).toBeGreaterThan(5);
  expect(read(Buffer.concat(parts.filter((part) => part !== undefined)))).toEqual(wide);
});

it.each(['application/json', 'application/yaml', PROTOBUF])('of a wide map, %s asks for its keys once', (accept) => {
  let asked = 0;
  const ownKeys = (map: object): string[] => {
    asked++;
    return Reflect.ownKeys(map) as string[];
  };
  const labels = new Proxy(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 'v'])), { ownKeys });
  expect([...(answer({ metadata: { labels } }, accept) as Iterable<unknown>)].length).toBeGreaterThan(1);
  expect(asked).toBe(1);
});
