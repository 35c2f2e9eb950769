import { gadget, gadgetsIn, v1 } from '@kubernest/apiserver/storage/testing';
import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { Resource } from '../catalog/resource.ts';
import { weighed } from './weigh.ts';
import type { WriteCall } from './write-call.ts';

const [definition] = gadgetsIn(v1, { convert: (objects) => objects });
const callOf = (dearness: number, large?: boolean): WriteCall =>
  ({ resource: new Resource({ ...definition!, schema: { ...definition!.schema, dearness } }), large }) as WriteCall;
const small = gadget(v1, 'a', 3);
const grown = { ...small, list: Array.from({ length: 3000 }, () => ({})) } as KubeObject;
const some = { ...small, list: Array.from({ length: 100 }, () => ({})) } as KubeObject;

it.each<[string, WriteCall, KubeObject, boolean]>([
  ['a small object of a mild schema', callOf(1), small, false],
  ['one that has grown by its defaults', callOf(1), grown, true],
  ['some values of a mild schema', callOf(1), some, false],
  ['some values of a dear schema', callOf(100), some, true],
  ['a small object of a schema that is dear beyond measure', callOf(5000), small, true],
  ['a small object whose body was large', callOf(1, true), small, true],
])('%s', (_what, call, object, large) => {
  expect(weighed(call, object).large ?? false).toBe(large);
});
