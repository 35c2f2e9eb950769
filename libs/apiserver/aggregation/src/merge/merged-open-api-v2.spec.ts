import type { OpenApiSchema } from '@kubernest/definitions';
import { atOnce } from '@kubernest/meta';
import { expect, test } from 'vitest';
import type { OpenApiPart } from '../description/open-api-v2.ts';
import { mergedOpenApiV2 } from './merged-open-api-v2.ts';

const merged = (from: OpenApiSchema, parts: readonly OpenApiPart[]) => atOnce(mergedOpenApiV2(from, parts));

const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const kinds = (...names: string[]) => ({ 'x-kubernetes-group-version-kind': names.map((kind) => ({ kind })) });
const meta = { type: 'object', properties: { name: { type: 'string' } } };
const own = { swagger: '2.0', paths: { '/a': { get: {} } }, definitions: { Meta: meta, Delete: { ...kinds('A') } } };

test('what is the same is there once, of all its kinds', () => {
  const part = { paths: {}, definitions: { Meta: meta, Delete: kinds('A', 'B') } };
  expect(merged(own, [part, part]).definitions).toEqual({ Delete: kinds('A', 'B'), Meta: meta });
});

test('however many kinds a definition is of, each is looked at a few times', () => {
  let looks = 0;
  const many = (prefix: string) => ({
    'x-kubernetes-group-version-kind': Array.from({ length: 1000 }, (_, i) => ({
      group: 'g',
      version: 'v1',
      get kind() {
        looks++;
        return `${prefix}${i}`;
      },
    })),
  });
  const parts = ['a', 'b', 'b'].map((prefix) => ({ paths: {}, definitions: { Delete: many(prefix) } }));
  const { Delete } = merged(own, parts).definitions as unknown as Record<string, ReturnType<typeof many>>;
  expect(Delete!['x-kubernetes-group-version-kind']).toHaveLength(1 + 2000);
  expect(looks).toBeLessThan(20 * 3000);
});

test('another of the same name gets the next, and so do all that mean it', () => {
  const other = { type: 'object', properties: { next: ref('Meta') } };
  const parts: OpenApiPart[] = [
    { paths: { '/b': { get: { schema: ref('Meta') } } }, definitions: { Meta: other } },
    {
      paths: { '/c': { get: { schema: [ref('Meta'), ref('Meta_v2')] } } },
      definitions: { Meta: {}, Meta_v2: { type: 'x' } },
    },
    { paths: {}, definitions: { Meta: meta } },
  ];
  const document = merged(own, parts);
  expect(document).toEqual({
    swagger: '2.0',
    paths: {
      '/a': { get: {} },
      '/b': { get: { schema: ref('Meta_v2') } },
      '/c': { get: { schema: [ref('Meta_v3'), ref('Meta_v2_v2')] } },
    },
    definitions: {
      Delete: kinds('A'),
      Meta: meta,
      Meta_v2: { type: 'object', properties: { next: ref('Meta_v2') } },
      Meta_v2_v2: { type: 'x' },
      Meta_v3: {},
    },
  });
  expect(JSON.stringify(merged(own, parts))).toBe(JSON.stringify(document));
});

test('of a path that two tell of the first is heard', () => {
  const part = (text: string) => ({ paths: { '/a': { put: text }, '/b': { get: text } }, definitions: {} });
  expect(merged(own, [part('1'), part('2')]).paths).toEqual({ '/a': { get: {} }, '/b': { get: '1' } });
});

test('the same served in two versions, the one renamed, is not renamed again', () => {
  const other = { type: 'object', properties: { n: { type: 'integer' } } };
  const parts = ['/b', '/c'].map((path) => ({ paths: { [path]: { get: ref('Meta') } }, definitions: { Meta: other } }));
  const { paths, definitions } = merged(own, parts);
  expect(paths).toMatchObject({ '/b': { get: ref('Meta_v2') }, '/c': { get: ref('Meta_v2') } });
  expect(Object.keys(definitions as object)).toEqual(['Delete', 'Meta', 'Meta_v2']);
});
