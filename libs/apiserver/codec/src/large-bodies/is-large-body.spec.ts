import { expect, it } from 'vitest';
import { isLargeBody } from './is-large-body.ts';

const KiB = 1024;
const padded = (text: string, bytes: number): string => `${text}\n${'#'.repeat(bytes)}`;

it.each<[boolean, string, string, string]>([
  [false, 'JSON of 100 KiB', 'application/json', padded('', 100 * KiB)],
  [true, 'JSON of 130 KiB', 'application/json', padded('', 130 * KiB)],
  [true, 'what calls itself nothing and has 300 KiB', '', padded('', 300 * KiB)],
  [false, 'YAML of 40 KiB', 'application/yaml', padded('', 40 * KiB)],
  [true, 'YAML of 50 KiB', 'application/yaml', padded('', 50 * KiB)],
  [true, 'protobuf of 50 KiB', 'application/vnd.kubernetes.protobuf', padded('', 50 * KiB)],
  [false, 'protobuf that has a star', 'application/vnd.kubernetes.protobuf', padded(' *a', 2 * KiB)],
  [false, 'a little YAML with an alias', 'application/yaml', 'a: &a 1\nb: *a'],
  ...['b: *a', '- *a', '[*a]', '{a: 1,*a : 2}', '{"a":*a}', '<<: *a', '? *a', 'b:\n*a'].map(
    (text): [boolean, string, string, string] => [
      true,
      `${text} in YAML`,
      'application/yaml',
      padded(`a: &a 1\n${text}`, 2 * KiB),
    ],
  ),
  ...['a: &a 1', 'verbs: ["*"]', "cron: '*/5 * * * *'", 'a: 2 * 3', 'image: "a*b"', '{"a":"*b"}'].map(
    (text): [boolean, string, string, string] => [false, `${text} in YAML`, 'application/yaml', padded(text, 2 * KiB)],
  ),
])('%s of %s', (large, _, type, text) => {
  expect(isLargeBody(Buffer.from(text), type)).toBe(large);
});

it('YAML with aliases behind a view of other bytes is found', () => {
  const all = Buffer.from(padded('xx- *a\n- &a 1', 2 * KiB));
  expect(isLargeBody(all.subarray(2), 'text/yaml')).toBe(true);
  expect(isLargeBody(all.subarray(6), 'text/yaml')).toBe(false);
});
