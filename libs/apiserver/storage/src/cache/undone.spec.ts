import { CacheEntry } from '@kubernest/apiserver/codec';
import { atOnce } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { ResourceCache } from './resource-cache.ts';

const PREFIX = '/registry/core/x/';
const entry = (name: string, revision: number): CacheEntry =>
  new CacheEntry({ key: PREFIX + name, revision, bytes: Buffer.from('{}'), namespace: '', name });

/** A long and a short memory of the same thousand changes, and what was there after each. */
function changed(events: number) {
  const cache = new ResourceCache(PREFIX, { events, bytes: 1e9 });
  const states: (readonly CacheEntry[])[] = [[]];
  for (let revision = 1; revision <= 1000; revision++) {
    const name = `${revision % 3 ? 'a' : 'b'}${(revision * 7919) % 41}`;
    const old = cache.get(PREFIX + name);
    if (old && revision % 5 === 0) cache.remove(old, entry(name, revision));
    else cache.put(entry(name, revision));
    states.push(cache.range(PREFIX));
  }
  return { cache, states };
}

const at = (cache: ResourceCache, revision: number, prefix = PREFIX, after?: string) => {
  const steps = cache.rangeAt(revision, prefix, after);
  return steps && atOnce(steps);
};

it('a range as of any revision that is remembered is made of the very entries that were there', () => {
  const { cache, states } = changed(2000);
  for (const [revision, state] of states.entries()) {
    const found = at(cache, revision)!;
    expect(found).toHaveLength(state.length);
    expect(found.every((one, i) => one === state[i])).toBe(true);
  }
  const [state, after] = [states[500]!, `${PREFIX}b2`];
  expect(at(cache, 500, `${PREFIX}b`, after)).toEqual(state.filter(({ key }) => key > after));
  expect(at(cache, 500, `${PREFIX}nothing`)).toEqual([]);
});

it('what is forgotten is not made up', () => {
  const { cache, states } = changed(100);
  expect(at(cache, 500)).toBeUndefined();
  expect(at(cache, cache.historyBegin - 1)).toBeUndefined();
  expect(at(cache, cache.historyBegin)).toEqual(states[cache.historyBegin]);
});
