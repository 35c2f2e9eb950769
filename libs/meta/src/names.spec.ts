import { describe, expect, it } from 'vitest';
import {
  validateConfigKey,
  validateDns1035Label,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateEnvVarName,
  validateLabelValue,
  validatePathSegment,
  validatePortName,
  validatePortNumber,
  validateQualifiedName,
} from './names.ts';

const cases: [string, (text: string) => string[], string[], string[]][] = [
  [
    'DNS-1123 label',
    validateDns1123Label,
    ['a', 'a-1', '1', 'a'.repeat(63)],
    ['', 'A', 'a.b', '-a', 'a-', 'a\n', 'a'.repeat(64)],
  ],
  [
    'DNS-1035 label',
    validateDns1035Label,
    ['a', 'a-1', 'a'.repeat(63)],
    ['', '1', '1a', 'A', 'a.b', '-a', 'a-', 'a'.repeat(64)],
  ],
  [
    'DNS-1123 subdomain',
    validateDns1123Subdomain,
    ['a', 'a.b-c.1', 'a'.repeat(253)],
    ['', 'a..b', '.a', 'A', 'a_b', 'a'.repeat(254)],
  ],
  ['label value', validateLabelValue, ['', 'A', 'a_b.c-1', '1'], ['-', 'a b', 'a/b', 'ä', 'a'.repeat(64)]],
  [
    'qualified name',
    validateQualifiedName,
    ['a', 'A_b.c', 'example.com/a'],
    ['', '/', '/a', 'a/', 'a/b/c', 'A/b', 'a b', `x/${'a'.repeat(64)}`],
  ],
  ['path segment', validatePathSegment, ['a', 'system:node', 'A B'], ['.', '..', 'a/b', 'a%b']],
  ['config key', validateConfigKey, ['a', 'A_b.c-1', '.a'], ['', '.', '..', '..a', 'a/b', 'a b']],
  ['environment variable', validateEnvVarName, ['A', 'a-b.c', '1', 'a b'], ['', 'A=B', 'ä', '\t']],
  ['port name', validatePortName, ['http', 'a-1'], ['', '1', 'A', 'a--b', '-a', 'a-', 'a'.repeat(16)]],
];

describe.each(cases)('a %s', (_form, validate, good, bad) => {
  it.each(good)('may be %j', (text) => {
    expect(validate(text)).toEqual([]);
  });
  it.each(bad)('may not be %j', (text) => {
    expect(validate(text)).not.toEqual([]);
  });
});

describe('the words of refusal', () => {
  it('name the form, with examples and the expression', () => {
    expect(validateDns1123Label('A')).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    expect(validateQualifiedName('a/')).toContain('name part must be non-empty');
  });

  it('ports lie between 1 and 65535', () => {
    expect(validatePortNumber(1)).toEqual([]);
    expect(validatePortNumber(65_535)).toEqual([]);
    expect(validatePortNumber(0)).toEqual(['must be between 1 and 65535, inclusive']);
    expect(validatePortNumber(65_536)).toHaveLength(1);
  });
});
