import { builtinKinds } from '@kubernest/kinds';
import { systemClock } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { CacheEntry } from '../entries/cache-entry.ts';
import { encodeStored, spliceVersion } from '../entries/stored-bytes.ts';
import type { ServedVersion } from './form.ts';
import { Forms } from './forms.ts';
import { kindsProtobuf } from './kinds-protobuf.ts';
import { makingLarge, type Parts } from './parts.ts';

const forms = new Forms(systemClock, kindsProtobuf);
const definition = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const resource = { definition, apiVersion: 'v1' } as ServedVersion;
const map = (members: number): object => Object.fromEntries(Array.from({ length: members }, (_, i) => [`k${i}`, '"}']));

function entryOf(members: number): CacheEntry {
  const metadata = { name: 'x', labels: map(members), annotations: { '"metadata":{': '\\' } };
  const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata, data: map(members) } as unknown as KubeObject;
  return new CacheEntry({
    key: '/x',
    revision: 7,
    bytes: spliceVersion(encodeStored(object), '7'),
    namespace: 'd',
    name: 'x',
  });
}

const request = (as: string, media: string) => {
  const [type, query] = as.split('?');
  const accept = `application/${media};as=${type};v=v1;g=meta.k8s.io`;
  return { headers: { accept }, query: new URLSearchParams(query) } as never;
};
const partsOf = (content: Uint8Array | Parts) => (content instanceof Uint8Array ? [content] : [...content]);
const textOf = (content: Uint8Array | Parts): string =>
  Buffer.concat(partsOf(content).filter((part) => part !== undefined)).toString();

const shapes = [
  'PartialObjectMetadata',
  'Table',
  'Table?includeObject=None',
  'Table?includeObject=Metadata',
  'Table?includeObject=Object',
];

describe.each(shapes)('as %s', (shape) => {
  const [json, yaml] = ['json', 'yaml'].map((media) => forms.of(request(shape, media), resource));
  const watch = forms.ofWatch(request(shape, 'json'), resource);

  it.each([3, 3000])('an object of %d members says in JSON what it says in YAML', (members) => {
    const entry = entryOf(members);
    const one = JSON.parse(textOf(json!.one(entry)));
    expect(one).toEqual(parse(textOf(yaml!.one(entry))));
    const entries = [entry, entryOf(1)];
    const meta = { resourceVersion: '8' };
    expect(JSON.parse(textOf(json!.list(entries, meta)))).toEqual(parse(textOf(yaml!.list(entries, meta))));
    expect(JSON.parse(watch.event('ADDED', entry).toString())).toEqual({ type: 'ADDED', object: one });
  });

  it.each([
    ['alone', (entry: CacheEntry) => void textOf(json!.one(entry))],
    ['in a list', (entry: CacheEntry) => void textOf(json!.list([entry, entry], {}))],
    ['in an event', (entry: CacheEntry) => void watch.event('MODIFIED', entry)],
    ['in a later event', (entry: CacheEntry) => void (watch.later ?? watch).event('MODIFIED', entry)],
  ])('nothing of a wide object is written anew, %s', (_, make) => {
    const entry = entryOf(20_000);
    const stringify = vi.spyOn(JSON, 'stringify');
    make(entry);
    const lengths = stringify.mock.results.map(({ value }) => String(value).length);
    stringify.mockRestore();
    expect(Math.max(0, ...lengths)).toBeLessThan(2_000);
  });
});

it('what the event of a wide row takes is made in many steps, also where nothing of it may be kept', () => {
  const table = forms.ofWatch(request('Table', 'json'), resource);
  const entry = entryOf(20_000);
  entry.retire();
  expect([...makingLarge(table, entry)].length).toBeGreaterThan(20);
  const parsed = vi.spyOn(JSON, 'parse');
  const events = [table, table.later!].map((form) => form.event('DELETED', entry));
  const calls = parsed.mock.calls.length;
  parsed.mockRestore();
  expect(calls).toBe(0);
  expect(JSON.parse(events[1]!.toString()).object.rows[0].cells).toEqual(['x', 20_000, '<unknown>']);
});
