import { atOnce, type JsonObject, type Schema, type StructSchema } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { embeddedIn } from './embedded.ts';

const text: Schema = { type: 'string' };
const inner: StructSchema = { type: 'struct', embeddedResource: true, fields: {}, preserveUnknownFields: true };
const list: Schema = { type: 'list', items: inner, listType: 'atomic' };
const open: StructSchema = {
  type: 'struct',
  preserveUnknownFields: true,
  fields: { one: { schema: inner }, many: { schema: list }, text: { schema: text } },
};
const named: Schema = { type: 'map', values: inner };

const pathsIn = (object: object, schema: Schema) =>
  atOnce(embeddedIn(object as JsonObject, schema)).map(({ path }) => path);

it('finds objects in fields, lists and maps', () => {
  expect(pathsIn({ one: {}, many: [{}, 1, {}], text: 'a', other: {} }, open).sort()).toEqual([
    'many[0]',
    'many[2]',
    'one',
  ]);
  expect(pathsIn({ a: {}, b: 1, c: {} }, named).sort()).toEqual(['[a]', '[c]']);
});

it('lists the keys of an object only where any of them may hold one, and no list’s', () => {
  const listed: object[] = [];
  const watched = <T extends object>(value: T) =>
    new Proxy(value, {
      ownKeys(target) {
        listed.push(target);
        return Reflect.ownKeys(target);
      },
    });
  const wide = watched({ one: watched({ a: 1 }), many: watched([{}]) });
  expect(pathsIn(wide, open)).toHaveLength(2);
  expect(listed).toEqual([]);
  expect(pathsIn(watched({ a: {} }), named)).toHaveLength(1);
  expect(listed).toHaveLength(1);
});
