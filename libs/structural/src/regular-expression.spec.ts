import { atOnce, type Steps, TooMuchWorkError, withinWork } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { lazyPattern, patternFault } from './regular-expression.ts';

const WORK = 400_000;

function within<T>(work: () => T): T {
  const steps = function* (): Steps<T> {
    yield;
    return work();
  };
  return atOnce(withinWork(steps(), WORK));
}

describe.each([
  ['repeated alternatives', '(?i)(\\p{L}{1,1000}|\\p{L}{1,1000})*$', 'a'.repeat(200)],
  ['what may be left out', '(a?){500}a{500}', 'a'.repeat(500)],
  ['a long text', '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 'a'.repeat(100_000)],
])('%s', (_, source, text) => {
  it('is more than may be done at once', () => {
    expect(() => within(() => lazyPattern(source).test(text))).toThrow(TooMuchWorkError);
    expect(lazyPattern(source).test(text)).toBe(true);
  });
});

it('a program of a million instructions is not even compiled', () => {
  expect(() => within(() => patternFault(`(${'ab'.repeat(500)}){1000}`))).toThrow(TooMuchWorkError);
});

it.each([
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  '^[a-z0-9]{1,63}$',
  '^(([a-zA-Z0-9]{1,63})\\.){1,4}[a-z]{2,63}$',
  '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$',
  '^v\\d+((alpha|beta)\\d+)?$',
])('%s is compiled and asked of twenty texts at once', (source) => {
  expect(within(() => patternFault(source))).toBeUndefined();
  const pattern = lazyPattern(source);
  within(() => {
    for (let i = 0; i < 20; i++) pattern.test(`some-name-${i}`);
  });
});
