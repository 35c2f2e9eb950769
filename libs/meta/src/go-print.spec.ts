import { expect, it } from 'vitest';
import { goShown, goSyntax, goTypeOf } from './go-print.ts';
import { goQuoted } from './go-words.ts';
import type { Json } from './object.ts';

// Each line is what Go's `%v`, `%#v` and `%T` said of the value.
it.each<[unknown, string, string, string]>([
  [null, '<nil>', 'interface {}(nil)', '<nil>'],
  [true, 'true', 'true', 'bool'],
  ['a\n"é\u0001', 'a\n"é\u0001', '"a\\n\\"é\\x01"', 'string'],
  [1_000_000, '1000000', '1000000', 'int64'],
  [-0, '0', '0', 'int64'],
  [2n ** 63n - 1n, '9223372036854775807', '9223372036854775807', 'int64'],
  [12345678901234567890n, '1.2345678901234567e+19', '1.2345678901234567e+19', 'float64'],
  [1e21, '1e+21', '1e+21', 'float64'],
  [1.5, '1.5', '1.5', 'float64'],
  [999999.5, '999999.5', '999999.5', 'float64'],
  [1234567.5, '1.2345675e+06', '1.2345675e+06', 'float64'],
  [0.00012, '0.00012', '0.00012', 'float64'],
  [-1.5e-7, '-1.5e-07', '-1.5e-07', 'float64'],
  [1.5e300, '1.5e+300', '1.5e+300', 'float64'],
  [[1, null, ['x']], '[1 <nil> [x]]', '[]interface {}{1, interface {}(nil), []interface {}{"x"}}', '[]interface {}'],
  [{}, 'map[]', 'map[string]interface {}{}', 'map[string]interface {}'],
  [
    { b: 1, 'a"': {} },
    'map[a":map[] b:1]',
    'map[string]interface {}{"a\\"":map[string]interface {}{}, "b":1}',
    'map[string]interface {}',
  ],
])('%o is printed as Go prints it', (value, shown, syntax, type) => {
  const json = value as Json;
  expect([goShown(json), goSyntax(json), goTypeOf(json)]).toEqual([shown, syntax, type]);
});

// Each line is what Go's `%q` said of the text.
it.each([
  ["plain <&>'` ~!#[]", '"plain <&>\'` ~!#[]"'],
  ['a"\\\n\u0000\u007fé\u2028😀', '"a\\"\\\\\\n\\x00\\x7fé\\u2028😀"'],
  ['\u0007\b\f\r\t\v', '"\\a\\b\\f\\r\\t\\v"'],
  ['\u00a0\u200b\ufeff\u{e0001}', '"\\u00a0\\u200b\\ufeff\\U000e0001"'],
])('%j is quoted as Go quotes it', (text, quoted) => {
  expect(goQuoted(text)).toBe(quoted);
});
