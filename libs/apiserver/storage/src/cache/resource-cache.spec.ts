import { CacheEntry } from '@kubernest/apiserver/codec';
import { describe, expect, it } from 'vitest';
import { type CacheEvent, ResourceCache } from './resource-cache.ts';

const entry = (name: string, revision: number): CacheEntry =>
  new CacheEntry({ key: `/registry/core/x/${name}`, revision, bytes: Buffer.from('{}'), namespace: '', name });
const fail = (fault: unknown): never => {
  throw fault;
};
const told = (events: readonly CacheEvent[]): string[] => events.map((e) => `${e.type} ${e.entry.name}`).sort();

describe('a cache that begins anew after a gap', () => {
  const cache = new ResourceCache('/registry/core/x/', { events: 10, bytes: 1000 });
  cache.reset([entry('same', 1), entry('changed', 2), entry('gone', 3)], 5);

  it('tells those who follow it what is different', () => {
    const heard: CacheEvent[] = [];
    cache.subscribe((event) => heard.push(event));
    const events = cache.reset([entry('same', 1), entry('changed', 8), entry('new', 9)], 10);
    for (const event of events) cache.announce(event, fail);
    expect(told(heard)).toEqual(['ADDED new', 'DELETED gone', 'MODIFIED changed']);
  });

  it('holds what is there, in order', () => {
    expect(cache.range('/registry/core/x/').map((e) => e.name)).toEqual(['changed', 'new', 'same']);
  });

  it('lets no watch begin before the gap', () => {
    expect(cache.since(9)).toBeUndefined();
    expect(cache.since(10)).toEqual([]);
  });

  it('does not know when something went that was there before', () => {
    cache.reset([entry('changed', 8)], 12);
    expect(cache.lastChange).toBe(12);
  });
});
