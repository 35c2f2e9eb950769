import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';
import { deepFreeze } from './value.ts';

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

  const live = {
    metadata: { finalizers: ['x'] },
    spec: { strategy: { type: 'x' }, containers: [{ name: 'a', args: ['1'] }] },
  };
  const ordered = (order: unknown, ...items: unknown[]) => ({
    spec: { '$setElementOrder/containers': order, containers: items },
  });
  it.each([
    [containers({ image: 'x' }), 500, 'map: map[image:x] does not contain declared merge key: name'],
    [containers({ $patch: 'delete' }), 500, 'map: map[$patch:delete] does not contain declared merge key: name'],
    [containers({ $patch: 'merge', name: 'a' }), 500, 'merging lists cannot yet be specified in the patch'],
    [containers({ $patch: 'frob', name: 'a' }), 500, 'unknown patch type: frob in map: map[$patch:frob name:a]'],
    [containers('x'), 500, 'list element types are not identical: [[map[args:[1] name:a]] [x]]'],
    [{ metadata: { finalizers: ['y', 1] } }, 500, 'list element types are not identical: [[x] [y 1]]'],
    [{ spec: { $patch: 'frob' } }, 500, 'unknown patch type: frob in map: map[$patch:frob]'],
    [{ spec: { strategy: { $patch: 'merge' } } }, 500, 'unknown patch type: merge in map: map[$patch:merge]'],
    [{ spec: { $patch: 5 } }, 500, 'unknown patch type: %!s(int64=5) in map: map[$patch:5]'],
    [{ spec: { strategy: { $retainKeys: ['a'], type: 'x' } } }, 400, 'invalid patch format of retainKeys'],
    [{ spec: { strategy: { $retainKeys: 'type' } } }, 400, 'invalid patch format of retainKeys'],
    [ordered('a'), 500, 'expected a []interface {}, but received a string'],
    [ordered([5], { name: 'a' }), 500, 'expected a map[string]interface {}, but received a int64'],
    [ordered([{ image: 'x' }], { name: 'a' }), 500, 'map: map[image:x] does not contain declared merge key: name'],
    [
      ordered([{ name: 'b' }], { name: 'a' }),
      500,
      "The order in patch list:\n[map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:b]]\n",
    ],
    [[], 400, 'error decoding patch: a strategic merge patch must be a JSON object'],
  ])('%j is refused', (patch, code, message) => {
    const reason = code === 400 ? 'BadRequest' : '';
    expect(() => patched(live, patch)).toThrow(expect.objectContaining({ code, reason, message }));
  });

  it.each([
    [
      'an item that names no key is taken',
      { spec: { containers: [{ image: 'x' }] } },
      { spec: { containers: [{ image: 'x' }] } },
    ],
    ['what stands under a directive is not', { spec: { strategy: { $patch: 'delete' } } }, { spec: {} }],
    [
      'nor what is deleted of a list',
      { spec: { containers: [{ $patch: 'delete', name: 'a' }, { name: 'b' }] } },
      { spec: { containers: [{ name: 'b' }] } },
    ],
    ['nothing can be deleted from', { metadata: { '$deleteFromPrimitiveList/finalizers': 5 } }, { metadata: {} }],
  ])('where there is nothing to merge with, %s', (_name, patch, result) => {
    expect(patched({ spec: {}, metadata: {} }, patch)).toMatchObject(result);
  });

  it('deletes an item before it adds one of the same key', () => {
    const patch = containers({ name: 'a', image: '2' }, { $patch: 'delete', name: 'a' });
    expect(patched(live, patch)).toMatchObject(containers({ name: 'a', image: '2' }));
    expect(patched(live, patch)).not.toMatchObject(containers({ args: ['1'] }));
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
        for (const gone of deletions) model.delete(gone);
        for (const item of patch) model.set(item.name, { ...model.get(item.name), ...item });
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
