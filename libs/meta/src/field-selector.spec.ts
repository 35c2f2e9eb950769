import { describe, expect, it } from 'vitest';
import { checkFieldSelector, matchesFields, parseFieldSelector, pinnedValue } from './field-selector.ts';

const read = (field: string): string =>
  ({ 'metadata.name': 'web', 'status.phase': 'Running', odd: 'a,b=c' })[field] ?? '';

describe('field selectors', () => {
  it.each([
    ['', true],
    ['metadata.name=web', true],
    ['metadata.name==web,status.phase!=Failed', true],
    ['metadata.name!=web', false],
    ['status.phase=', false],
    ['odd=a\\,b\\=c', true],
  ])('%j matches: %s', (text, matches) => {
    expect(matchesFields(parseFieldSelector(text), read)).toBe(matches);
  });

  it.each(['metadata.name', 'a=b,c', 'a=b=c', 'a=\\x'])('%j is refused', (text) => {
    expect(() => parseFieldSelector(text)).toThrow(/invalid/);
  });

  it('a field that cannot be asked for is named', () => {
    const check = (own: string[] | undefined) => () =>
      checkFieldSelector(parseFieldSelector('metadata.name=a,spec.x=1'), own);
    expect(check(['spec.x'])).not.toThrow();
    expect(check(['spec.y'])).toThrow('field label not supported: spec.x');
    expect(check(undefined)).toThrow(
      '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
  });

  it('an equality pins a value, an inequality does not', () => {
    expect(pinnedValue(parseFieldSelector('metadata.name=web'), 'metadata.name')).toBe('web');
    expect(pinnedValue(parseFieldSelector('metadata.name!=web'), 'metadata.name')).toBeUndefined();
  });
});
