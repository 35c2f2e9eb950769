import { systemClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { Forms } from './forms.ts';

const forms = new Forms(systemClock, undefined);
const answer = (object: object, accept = 'application/json') =>
  forms.single({ headers: { accept } } as never, object as never, undefined).content;
const wide = {
  metadata: { annotations: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 'v'])) },
};

it('an answer that is no stored object and small is one piece', () => {
  expect(answer({ metadata: { name: 'x' } })).toEqual(Buffer.from('{"metadata":{"name":"x"}}'));
});

it.each([
  ['application/json', (text: string) => JSON.parse(text) as unknown],
  ['application/yaml', (text: string) => parse(text) as unknown],
])('a large one in %s is made in many steps, with rests between', (accept, read) => {
  const parts = [...(answer(wide, accept) as Iterable<Uint8Array | undefined>)];
  expect(parts.filter((part) => part === undefined).length).toBeGreaterThan(5);
  const text = Buffer.concat(parts.filter((part) => part !== undefined)).toString();
  expect(read(text)).toEqual(wide);
});
