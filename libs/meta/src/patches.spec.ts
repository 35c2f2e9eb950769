import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import type { Json } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';
import { deepFreeze } from './value.ts';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const object = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), json) as fc.Arbitrary<{
  [key: string]: Json;
}>;

describe('JSON patch', () => {
  it('changes a copy', () => {
    const original = deepFreeze({ a: [1, { b: 2 }] }) as Json;
    const patch = deepFreeze([
      { op: 'add', path: '/a/1/c', value: { d: [] } },
      { op: 'test', path: '/a/0', value: 1 },
      { op: 'remove', path: '/a/0' },
    ]) as unknown as Json;
    expect(applyJsonPatch(original, patch)).toEqual({ a: [{ b: 2, c: { d: [] } }] });
    expect(original).toEqual({ a: [1, { b: 2 }] });
  });

  it.each([
    ['no list', {}, 400],
    ['no operation', [5], 400],
    ['an unknown op', [{ op: 'frob', path: '/a' }], 400],
    ['no path', [{ op: 'remove' }], 400],
    ['a move from nowhere', [{ op: 'move', path: '/a' }], 400],
    ['a failed test', [{ op: 'test', path: '/a', value: 2 }], 422],
    ['a missing target', [{ op: 'remove', path: '/z' }], 422],
    ['a prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }], 422],
    ['too many operations', Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 })), 413],
  ])('with %s is refused', (_name, patch, code) => {
    expect(() => applyJsonPatch({ a: 1 }, patch as Json)).toThrow(expect.objectContaining({ code }));
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each([
    [{ op: 'test', path: '/a', value: 2 }, 'testing value /a failed: test failed'],
    [{ op: 'test', path: '/b', value: 2 }, 'testing value /b failed: test failed'],
    [{ op: 'remove', path: '/z' }, /^error in remove for path: '\/z': /],
    [{ op: 'add', path: '/z/y', value: 1 }, /^add operation does not apply: doc is missing path: "\/z\/y": /],
  ])('%j that does not apply is told of with its path', (operation, message) => {
    expect(() => applyJsonPatch({ a: 1 }, [operation] as unknown as Json)).toThrow(
      expect.objectContaining({
        code: 422,
        message: 'the server rejected our request due to an error in our request',
        details: {
          causes: [{ reason: 'FieldValueInvalid', field: 'patch', message: expect.stringMatching(message) }],
        },
      }),
    );
  });
});

describe('merge patch', () => {
  it('holds no null afterwards, and says what the patch says', () => {
    const check = (patch: Json, result: Json | undefined): void => {
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return expect(result).toEqual(patch);
      for (const key of Object.keys(patch)) {
        const after = Object.getOwnPropertyDescriptor(result, key)?.value as Json | undefined;
        const wanted = Object.getOwnPropertyDescriptor(patch, key)!.value as Json;
        if (wanted === null) expect(after).toBeUndefined();
        else check(wanted, after);
      }
    };
    fc.assert(
      fc.property(object, object, (original, patch) => check(patch, applyMergePatch(deepFreeze(original), patch))),
    );
  });

  it('applied twice changes nothing more', () => {
    fc.assert(
      fc.property(object, object, (original, patch) => {
        const once = applyMergePatch(original, patch);
        expect(applyMergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  it('must be an object', () => {
    expect(() => applyMergePatch({}, [])).toThrow(expect.objectContaining({ code: 400 }));
  });
});

const patched = (original: unknown, patch: unknown): unknown =>
  applyStrategicMergePatch(deepFreeze(original) as Json, deepFreeze(patch) as Json, widgetSchema);
const containers = (...items: unknown[]) => ({ spec: { containers: items } });

describe('strategic merge patch', () => {
  it.each([
    [
      'an item is patched by its key',
      containers({ name: 'a', image: '1', stdin: true }),
      containers({ name: 'a', image: '2' }),
      containers({ name: 'a', image: '2', stdin: true }),
    ],
    [
      'a new item comes before those that only the server has',
      containers({ name: 'a' }),
      containers({ name: 'b' }),
      containers({ name: 'b' }, { name: 'a' }),
    ],
    [
      'an item is deleted',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ $patch: 'delete', name: 'a' }),
      containers({ name: 'b' }),
    ],
    [
      'a list is replaced',
      containers({ name: 'a' }),
      containers({ $patch: 'replace' }, { name: 'b' }),
      containers({ name: 'b' }),
    ],
    [
      'an atomic list is replaced',
      containers({ name: 'a', args: ['1', '2'] }),
      containers({ name: 'a', args: ['3'] }),
      containers({ name: 'a', args: ['3'] }),
    ],
    [
      'a list in a list is patched',
      containers({ name: 'a', ports: [{ containerPort: 1 }] }),
      containers({ name: 'a', ports: [{ containerPort: 1, name: 'x' }, { containerPort: 2 }] }),
      containers({ name: 'a', ports: [{ containerPort: 1, name: 'x' }, { containerPort: 2 }] }),
    ],
    ['null deletes', { spec: { replicas: 1, size: 2 } }, { spec: { replicas: null } }, { spec: { size: 2 } }],
    ['null in what is new is dropped', {}, { spec: { replicas: null, size: 2 } }, { spec: { size: 2 } }],
    [
      'a map is merged',
      { metadata: { labels: { a: '1', b: '2' } } },
      { metadata: { labels: { a: null, c: '3' } } },
      { metadata: { labels: { b: '2', c: '3' } } },
    ],
    [
      'a map is replaced',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { $patch: 'replace', b: '2' } } },
      { metadata: { labels: { b: '2' } } },
    ],
    [
      'a map is emptied',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { $patch: 'delete' } } },
      { metadata: { labels: {} } },
    ],
    [
      'a set is joined',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { finalizers: ['b', 'c'] } },
      { metadata: { finalizers: ['a', 'b', 'c'] } },
    ],
    [
      'entries leave a set',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['a', 'z'] } },
      { metadata: { finalizers: ['b'] } },
    ],
    [
      'only named keys are retained',
      { spec: { strategy: { type: 'Rolling', rolling: { surge: 1 } } } },
      { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
      { spec: { strategy: { type: 'Recreate' } } },
    ],
    [
      'the client orders what it names',
      containers({ name: 'a' }, { name: 'x' }, { name: 'b' }),
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }, { name: 'a' }],
          containers: [{ name: 'c' }],
        },
      },
      containers({ name: 'x' }, { name: 'b' }, { name: 'c' }, { name: 'a' }),
    ],
    [
      'a new item keeps its place among those named',
      containers({ name: 'a' }, { name: 'x' }),
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
          containers: [{ name: 'b' }],
        },
      },
      containers({ name: 'a' }, { name: 'b' }, { name: 'x' }),
    ],
    [
      'a set is ordered',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { '$setElementOrder/finalizers': ['b', 'a'] } },
      { metadata: { finalizers: ['b', 'a'] } },
    ],
  ])('%s', (_name, original, patch, result) => {
    expect(patched(original, patch)).toEqual(result);
  });

  it.each([
    ['an item without its key', containers({ image: 'x' }), 'does not contain declared merge key: name'],
    ['an unknown directive', { spec: { $patch: 'frob' } }, 'unknown patch type'],
    ['keys beyond those retained', { spec: { strategy: { $retainKeys: ['a'], type: 'x' } } }, 'retainKeys'],
    ['a malformed order', { spec: { '$setElementOrder/containers': 'a' } }, 'setElementOrder'],
    ['a list', [], 'must be a JSON object'],
  ])('with %s is refused', (_name, patch, words) => {
    expect(() => patched({}, patch)).toThrow(
      expect.objectContaining({ code: 400, message: expect.stringContaining(words) }),
    );
  });

  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const items = fc.uniqueArray(
    fc.record({ name, image: fc.constantFrom('1', '2'), stdin: fc.boolean() }, { requiredKeys: ['name'] }),
    { selector: (i) => i.name },
  );

  const nameOf = (item: unknown): string => (item as { name: string }).name;
  const byName = (a: unknown, b: unknown): number => (nameOf(a) < nameOf(b) ? -1 : 1);

  it('agrees with a plain model: a map from key to item, both sides in their own order', () => {
    fc.assert(
      fc.property(items, items, fc.uniqueArray(name), (original, patch, deletions) => {
        const model = new Map<string, object>(original.map((item) => [item.name, item]));
        for (const item of patch) model.set(item.name, { ...model.get(item.name), ...item });
        for (const gone of deletions) model.delete(gone);
        const directives = deletions.map((gone) => ({ $patch: 'delete', name: gone }));
        const result = patched(containers(...original), containers(...patch, ...directives)) as ReturnType<
          typeof containers
        >;
        expect([...result.spec.containers].sort(byName)).toEqual([...model.values()].sort(byName));
        const named = (of: readonly unknown[]) => of.map(nameOf);
        const kept = named(result.spec.containers);
        const fromPatch = named(patch).filter((one) => kept.includes(one));
        expect(kept.filter((one) => fromPatch.includes(one))).toEqual(fromPatch);
        const onlyLive = named(original).filter((one) => kept.includes(one) && !fromPatch.includes(one));
        expect(kept.filter((one) => onlyLive.includes(one))).toEqual(onlyLive);
      }),
    );
  });

  it('an order keeps every item, the named ones in the order given', () => {
    fc.assert(
      fc.property(items, fc.uniqueArray(name), (original, order) => {
        const patch = { spec: { '$setElementOrder/containers': order.map((one) => ({ name: one })) } };
        const result = (patched(containers(...original), patch) as { spec: { containers: { name: string }[] } }).spec
          .containers;
        expect([...result].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
          [...original].sort((a, b) => (a.name < b.name ? -1 : 1)),
        );
        const named = result.map((item) => item.name).filter((one) => (order as string[]).includes(one));
        expect(named).toEqual(order.filter((one) => named.includes(one)));
      }),
    );
  });
});
