import { atOnce } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { CacheEntry } from './cache-entry.ts';

const stored = { kind: 'X', metadata: { name: 'a', labels: { app: 'web' } }, spec: { node: 'n1' } };
const make = () =>
  new CacheEntry({
    key: '/registry/core/x/d/a',
    revision: 1,
    bytes: Buffer.from(JSON.stringify(stored)),
    namespace: 'd',
    name: 'a',
  });

/** Where, within a value, something is not frozen. */
function unfrozen(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return [
    ...(Object.isFrozen(value) ? [] : [at]),
    ...Object.entries(value).flatMap(([k, v]) => unfrozen(v, `${at}.${k}`)),
  ];
}

describe('an entry', () => {
  it('is decoded and encoded once while it is what is stored', () => {
    const entry = make();
    expect(entry.object).toBe(entry.object);
    const bytes = entry.representation('other', () => Buffer.from('x'));
    expect(entry.representation('other', () => Buffer.from('y'))).toBe(bytes);
  });

  it('that is retired still answers, and keeps nothing of it', () => {
    const entry = make();
    const { object } = entry;
    entry.representation('other', () => Buffer.from('x'));
    entry.retire();
    expect(entry.object).toEqual(object);
    expect(entry.object).not.toBe(entry.object);
    expect(Object.isFrozen(entry.object)).toBe(true);
    expect(entry.representation('other', () => Buffer.from('y')).toString()).toBe('y');
  });

  it.each([
    ['before', true],
    ['after', false],
  ])('is read once for selectors, asked first %s it is retired', (_, early) => {
    const entry = make();
    let reads = 0;
    const ask = () =>
      entry.field('v1 spec.node', () => {
        reads++;
        return (entry.object as typeof stored).spec.node;
      });
    if (early) ask();
    entry.retire();
    expect([ask(), ask(), reads]).toEqual(['n1', 'n1', 1]);
    expect(entry.labels).toEqual({ app: 'web' });
    expect(entry.labels).toBe(entry.labels);
  });

  it('whose object is known is not decoded; once settled its bytes alone are kept', () => {
    const known = { kind: 'X', metadata: { name: 'known' } };
    const of = () =>
      new CacheEntry({
        key: '/registry/core/x/a',
        revision: 1,
        bytes: Buffer.from('{"kind":"X","metadata":{}}'),
        namespace: '',
        name: 'a',
        decoded: known,
      });
    expect(of().object).toBe(known);
    const settled = of();
    settled.settle();
    expect(settled.object).toEqual({ kind: 'X', metadata: {} });
  });

  it('reads in steps what it gives at once, what is known of it and what is retired, too', () => {
    const known = { kind: 'X', metadata: { name: 'known', labels: undefined } };
    const given = new CacheEntry({
      key: '/registry/core/x/a',
      revision: 1,
      bytes: Buffer.from('{"kind":"X","metadata":{}}'),
      namespace: '',
      name: 'a',
      decoded: known,
    });
    expect(atOnce(given.read())).toBe(known);
    expect(given.object).toBe(known);
    expect(Object.isFrozen(known.metadata)).toBe(true);
    expect(known.metadata).not.toHaveProperty('labels');
    const entry = make();
    expect(atOnce(entry.read())).toEqual(stored);
    expect(entry.object).toBe(atOnce(entry.read()));
    entry.retire();
    expect(atOnce(entry.read())).toEqual(stored);
    expect(Object.isFrozen(atOnce(entry.read()).metadata)).toBe(true);
  });

  it('whose metadata is asked for is not decoded beyond them, and shares them once it is', () => {
    const metadata = {
      name: 'a',
      annotations: { tricky: '}\\"{"metadata":{', ä: '☃' },
      ownerReferences: [{ uid: 'u' }],
    };
    const of = (rest: string) => {
      const bytes = Buffer.from(`{"kind":"X","apiVersion":"v1","metadata":${JSON.stringify(metadata)}${rest}}`);
      return new CacheEntry({ key: '/registry/core/x/d/a', revision: 1, bytes, namespace: 'd', name: 'a' });
    };
    expect(of(',"spec":not JSON').metadata).toEqual(metadata);
    const entry = of(',"spec":{}');
    expect([unfrozen(entry.metadata), entry.object.metadata === entry.metadata]).toEqual([[], true]);
    entry.retire();
    expect(entry.metadata).toEqual(metadata);
  });

  it('whose metadata are large keeps them as read in steps, and no more', () => {
    const metadata = { name: 'a', annotations: { large: 'x'.repeat(100_000) } };
    const bytes = Buffer.from(`{"kind":"X","metadata":${JSON.stringify(metadata)},"spec":not JSON}`);
    const entry = new CacheEntry({ key: '/registry/core/x/d/a', revision: 1, bytes, namespace: 'd', name: 'a' });
    let steps = 0;
    for (const _ of entry.readMetadata()) steps++;
    const once = entry.metadata;
    expect([steps > 0, entry.metadata === once, unfrozen(once)]).toEqual([true, true, []]);
    expect(entry.metadata).toEqual(metadata);
    entry.retire();
    expect(entry.metadata).not.toBe(entry.metadata);
  });

  it('that was read before anybody looks is let go again when nobody did', () => {
    const [looked, unseen] = [make(), make()];
    for (const entry of [looked, unseen]) for (const _ of entry.read());
    const { object } = looked;
    const { metadata } = unseen;
    for (const entry of [looked, unseen]) entry.settle();
    expect([looked.object === object, unseen.object.metadata === metadata]).toEqual([true, false]);
    expect(unseen.object).toEqual(object);
  });

  it('under another version is the same in bytes and object', () => {
    const bytes = Buffer.from('{"kind":"X","metadata":{"resourceVersion":"1","name":"a"}}');
    const entry = new CacheEntry({ key: '/registry/core/x/a', revision: 1, bytes, namespace: '', name: 'a' });
    const { object } = entry;
    const later = entry.under(7, '7');
    expect([later.revision, later.key, JSON.parse(later.bytes.toString())]).toEqual([7, entry.key, later.object]);
    expect(later.object).toEqual({ ...object, metadata: { name: 'a', resourceVersion: '7' } });
    expect(Object.isFrozen(later.object.metadata)).toBe(true);
  });
});
