import type { Column, ResourceDefinition } from '@kubernest/definitions';
import { systemClock } from '@kubernest/kit';
import type { KubeObject, Steps } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { CacheEntry } from '../entries/cache-entry.ts';
import { encodeStored, spliceVersion } from '../entries/stored-bytes.ts';
import type { ServedVersion } from './form.ts';
import { Forms } from './forms.ts';
import { kindsProtobuf } from './kinds-protobuf.ts';
import { makingLarge, type Parts } from './parts.ts';

const forms = new Forms(systemClock, kindsProtobuf);
const object = { kind: 'Lamp', apiVersion: 'example.com/v1', metadata: { name: 'x' } } as unknown as KubeObject;
const entryOf = () =>
  new CacheEntry({
    key: '/x',
    revision: 7,
    bytes: spliceVersion(encodeStored(object), '7'),
    namespace: 'd',
    name: 'x',
  });

function tableOf(columns: readonly Column[], media = 'json') {
  const definition = { kind: 'Lamp', columns } as unknown as ResourceDefinition;
  const accept = `application/${media};as=Table;v=v1;g=meta.k8s.io`;
  const request = { headers: { accept }, query: new URLSearchParams() } as never;
  const resource: ServedVersion = { definition, apiVersion: 'example.com/v1', headLength: 10 };
  return { one: forms.of(request, resource), watch: () => forms.ofWatch(request, resource) };
}
const partsOf = (content: Uint8Array | Parts) => (content instanceof Uint8Array ? [content] : [...content]);
const textOf = (content: Uint8Array | Parts): string =>
  Buffer.concat(partsOf(content).filter((part) => part !== undefined)).toString();
const rowOf = (table: string): readonly unknown[] => JSON.parse(table).rows[0].cells;

const long = (name: string): Column => ({ name, type: 'string', cell: () => `begin${'x'.repeat(1e5)}` });

it.each([1, 100, 5000])(
  'of %d columns with long texts the beginnings are shown, however the Table is asked for',
  (count) => {
    const { one, watch } = tableOf(Array.from({ length: count }, (_, i) => long(`C${i}`)));
    const entry = entryOf();
    const rows = [rowOf(textOf(one.one(entry))), rowOf(textOf(one.list([entry], {})))];
    rows.push(JSON.parse(watch().event('ADDED', entry).toString()).object.rows[0].cells);
    for (const row of rows) {
      expect(row.length).toBe(count);
      expect(new Set(row).size).toBe(1);
      expect(row[0]).toMatch(/^beginx{59,4091}\.\.\.$/);
      expect(JSON.stringify(row).length).toBeLessThan(500_000);
    }
  },
);

function* slowly(): Steps<string> {
  for (let i = 0; i < 50; i++) yield;
  return 'made';
}
const dear: Column = {
  name: 'D',
  type: 'string',
  cell: () => {
    throw new Error('made at once');
  },
  making: slowly,
};

it.each(['json', 'yaml'])('a column that takes long is made in steps of a small object, too, in %s', (media) => {
  const { one } = tableOf([dear], media);
  for (const parts of [one.one(entryOf()), one.list([entryOf()], {})].map(partsOf)) {
    expect(parts.filter((part) => part === undefined).length).toBeGreaterThan(50);
    expect(Buffer.concat(parts.filter((part) => part !== undefined)).toString()).toContain('made');
  }
});

it('of an event, too, and of those that follow', () => {
  const watch = tableOf([dear]).watch();
  const entry = entryOf();
  expect([...makingLarge(watch, entry)].length).toBeGreaterThan(50);
  for (const form of [watch, watch.later!])
    expect(JSON.parse(form.event('ADDED', entry).toString()).object.rows[0].cells).toEqual(['made']);
});

/** Each time it is made it looks around as long as there is something left. */
const greedy = (made: number[]): Column => ({
  ...dear,
  *making(_object, _now, looks) {
    made.push(looks.left);
    looks.left -= Math.min(looks.left, 700_000);
    yield;
    return null;
  },
});

it('the dear cells of a row have so many looks together, and so have the rows of an answer', () => {
  const made: number[] = [];
  const { one, watch } = tableOf([greedy(made), greedy(made)]);
  const entries = Array.from({ length: 6 }, entryOf);
  const spentOf = (parts: Uint8Array | Parts) => {
    made.length = 0;
    partsOf(parts);
    return made.filter((left) => left > 0).length;
  };
  expect([spentOf(one.one(entryOf())), made]).toEqual([2, [1_000_000, 300_000]]);
  expect(spentOf(one.list(entries, {}))).toBe(8);
  // Each answer has its own.
  expect(spentOf(one.list(entries, {}))).toBe(8);
  const looks = { left: 1_500_000 };
  made.length = 0;
  for (const entry of entries) for (const _ of makingLarge(watch(), entry, looks));
  expect([made.filter((left) => left > 0).length, looks.left]).toEqual([3, 0]);
});
