import { describe, expect, it } from 'vitest';
import { faultsOf, faultsOfChange } from '../../kind-faults.fixture.ts';

describe('configuration', () => {
  const tooLarge = { data: { a: 'x'.repeat(1024 * 1024 + 1) } };
  it.each<[object, string]>([
    [{ data: { 'a/b': '' } }, 'data[a/b]: Invalid value: "a/b": a valid config key must consist of'],
    [{ data: { a: '' }, binaryData: { a: '' } }, 'data[a]: Invalid value: "a": duplicate of key present in binaryData'],
    [tooLarge, '[]: Too long: may not be more than 1048576 bytes'],
  ])('%#: %s', (map, fault) => {
    expect(faultsOf('ConfigMap', map).join('\n')).toContain(fault);
  });

  it('of a Secret counts in bytes, not in characters of base64', () => {
    const data = (bytes: number) => ({ data: { a: Buffer.alloc(bytes).toString('base64') } });
    expect(faultsOf('Secret', data(1024 * 1024))).toEqual([]);
    expect(faultsOf('Secret', data(1024 * 1024 + 1))).toEqual(['data: Too long: may not be more than 1048576 bytes']);
  });

  it('that is sealed stays so, with all it holds', () => {
    const before = { immutable: true, data: { a: '1' } };
    expect(faultsOfChange('ConfigMap', before, before)).toEqual([]);
    expect(faultsOfChange('ConfigMap', before, { data: { a: '2' } })).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
  });
});
