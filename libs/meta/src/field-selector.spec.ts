import { describe, expect, it } from 'vitest';
import { checkFieldSelector, FieldTerms, parseFieldSelector, pinnedValue } from './field-selector.ts';

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
    ['metadata.name!=a,metadata.name!=web,metadata.name!=b', false],
    ['metadata.name!=a,metadata.name!=b', true],
    ['metadata.name=web,metadata.name!=a,metadata.name=web', true],
    ['metadata.name=web,metadata.name=a', false],
    ['metadata.name=web,metadata.name!=web', false],
  ])('%j matches: %s', (text, matches) => {
    expect(new FieldTerms(parseFieldSelector(text)).match(read)).toBe(matches);
  });

  it('many terms on one field read it once', () => {
    const text = Array.from({ length: 500 }, (_, i) => `metadata.name!=${i}`).join(',');
    let reads = 0;
    const terms = new FieldTerms(parseFieldSelector(text));
    expect([terms.match(() => `x${++reads}`), terms.match(() => `${++reads + 100}`)]).toEqual([true, false]);
    expect([reads, terms.size]).toEqual([2, 1]);
    const one = new FieldTerms(parseFieldSelector(`${text},metadata.name=x`));
    expect([one.size, one.contradictory, one.wanted('metadata.name')]).toEqual([1, false, 'x']);
    expect(new FieldTerms(parseFieldSelector(`${text},metadata.name=7`)).contradictory).toBe(true);
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
