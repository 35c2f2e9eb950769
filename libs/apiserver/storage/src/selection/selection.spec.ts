import { CacheEntry } from '@kubernest/apiserver/codec';
import { builtinKinds } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { ResourceCache } from '../cache/resource-cache.ts';
import { Resource } from '../catalog/resource.ts';
import { candidates } from './candidates.ts';
import { ResourceSelection } from './selection.ts';

const resourceOf = (kind: string) => new Resource(builtinKinds.find((definition) => definition.kind === kind)!);
const maps = resourceOf('ConfigMap');
const entryOf = (namespace: string, name: string): CacheEntry => {
  const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name, namespace, labels: { a: name } } };
  return new CacheEntry({
    key: maps.key(namespace, name),
    revision: 1,
    bytes: Buffer.from(JSON.stringify(object)),
    namespace,
    name,
  });
};
const all = ['a', 'b'].flatMap((namespace) => Array.from({ length: 5000 }, (_, i) => entryOf(namespace, `m${i}`)));
const cache = new ResourceCache(maps.prefix, { events: 10, bytes: 1000 });
cache.reset(all, 1);

const select = (query: { namespace?: string; fieldSelector?: string; labelSelector?: string }) =>
  new ResourceSelection(maps, { namespace: undefined, fieldSelector: '', labelSelector: '', ...query });
const terms = (count: number, term: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => term(i)).join();

it.each([
  ['names', { fieldSelector: terms(500, (i) => `metadata.name!=x${i}`) }],
  ['one name', { fieldSelector: 'metadata.name!=x' }],
  ['namespaces', { fieldSelector: terms(500, (i) => `metadata.namespace!=x${i}`) }],
  ['labels', { labelSelector: terms(500, (i) => `a${i}!=x`) }],
])('lists, watches and whatever else looks through %s rests on the way', (_what, query) => {
  const selection = select(query);
  let rests = 0;
  for (const _ of selection.first(all, Number.POSITIVE_INFINITY)) rests++;
  expect(rests).toBeGreaterThanOrEqual(4);
  let others = 0;
  for (const entry of selection.among(all)) if (!entry) others++;
  expect(others).toBeGreaterThanOrEqual(4);
});

it('more terms make shorter steps', () => {
  const restsOf = (count: number): number => {
    const labels = terms(count, (i) => `a${i}!=x`);
    return [...select({ labelSelector: labels }).among(all)].filter((entry) => !entry).length;
  };
  expect(restsOf(500)).toBeGreaterThan(10 * restsOf(1));
});

it.each([
  [{ namespace: 'a', fieldSelector: 'metadata.name=m7' }, 1],
  [{ namespace: 'a', fieldSelector: 'metadata.name=m7,metadata.name!=x' }, 1],
  [{ fieldSelector: 'metadata.name=m7,metadata.namespace=b' }, 1],
  [{ namespace: 'a', fieldSelector: 'metadata.name=none' }, 0],
  [{ namespace: 'a', fieldSelector: 'metadata.name=m7,metadata.name=m8' }, 0],
  [{ namespace: 'a', fieldSelector: 'metadata.name=m7,metadata.name!=m7' }, 0],
  [{ fieldSelector: 'metadata.namespace=b' }, 5000],
  [{ fieldSelector: 'metadata.namespace=b,metadata.namespace!=b' }, 0],
  [{ fieldSelector: 'metadata.name=m7' }, 10_000],
  [{ namespace: 'a', fieldSelector: 'metadata.name=' }, 5000],
])('%j has to look at %i', (query, count) => {
  const selection = select(query);
  const found = candidates(cache, selection);
  expect(found).toHaveLength(count);
  const matching = all.filter((entry) => selection.matches(entry));
  expect(found.filter((entry) => selection.matches(entry))).toHaveLength(matching.length);
});

it('goes on behind the one that may be selected', () => {
  const one = select({ namespace: 'a', fieldSelector: 'metadata.name=m7' });
  expect(candidates(cache, one, maps.key('a', 'm6'))).toHaveLength(1);
  expect(candidates(cache, one, maps.key('a', 'm7'))).toHaveLength(0);
});
