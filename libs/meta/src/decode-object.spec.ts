import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeObject } from './decode-object.ts';
import { inTextOrder, parseStrictJson } from './strict-json.ts';

describe('decoding a body', () => {
  it('the strict parser reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 2), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        expect(parseStrictJson(json)).toEqual({ value: JSON.parse(json), duplicates: [] });
      }),
    );
  });

  it('the strict parser refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', 'x', '\\', '0'), (json, at, bit) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + bit + json.slice(cut + 1);
        const reads = (parse: () => unknown): boolean => {
          try {
            parse();
            return true;
          } catch {
            return false;
          }
        };
        expect(reads(() => parseStrictJson(text))).toBe(reads(() => JSON.parse(text)));
      }),
    );
  });

  it('duplicates are found at any depth, and only when asked for', () => {
    const body = '{"a":1,"b":[{"c":1,"c":2}],"a":3}';
    expect(decodeObject(body, 'json', { findDuplicates: true })).toEqual({
      value: { a: 3, b: [{ c: 2 }] },
      duplicates: ['duplicate field "b[0].c"', 'duplicate field "a"'],
    });
    expect(decodeObject(body, 'json').duplicates).toEqual([]);
  });

  it.each([
    ['a key with a blank behind it', '{"a" :1,"b":{"a"\n:2,"a":3}}', ['duplicate field "b.a"']],
    [
      'a key that was overwritten with what held it',
      '{"a":{"b":1,"b":2},"a":3}',
      ['"a.b"', '"a"'].map((at) => `duplicate field ${at}`),
    ],
    ['a text that looks like a member', String.raw`{"a":"\":","b":"x\" :1"}`, []],
    ['a text that looks like a member beside a duplicate', String.raw`{"a":"\":","a":1}`, ['duplicate field "a"']],
    ['the key __proto__', '{"__proto__":1,"b":{"__proto__":2}}', []],
  ])('duplicates are told apart from %s', (_, body, duplicates) => {
    expect(decodeObject(body, 'json', { findDuplicates: true }).duplicates).toEqual(duplicates);
  });

  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"a":', 'unexpected end of JSON input'],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['{"a":1}}', "invalid character '}' after top-level value"],
    ['nul', 'unexpected end of JSON input'],
    ['nix', "invalid character 'i' in literal null (expecting 'u')"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\n"', "invalid character '\\n' in string literal"],
  ])('%j is refused in the words clients know', (body, words) => {
    expect(() => decodeObject(body, 'json')).toThrow(words);
  });

  it('an unreadable body is shown in part, as text when it begins like JSON', () => {
    expect(() => decodeObject('{"a"', 'json', { expectedKind: 'Pod' })).toThrow(
      'the object provided is unrecognized (must be of type Pod): couldn\'t get version/kind; json parse error: unexpected end of JSON input ({"a")',
    );
    expect(() => decodeObject('x', 'json', { expectedKind: 'Pod' })).toThrow(/\(78\)$/);
    expect(() => decodeObject(new Uint8Array([0xff]), 'json')).toThrow('invalid UTF-8');
    expect(() => decodeObject('a: [', 'yaml', { expectedKind: 'Pod' })).toThrow(
      /^the object provided is unrecognized \(must be of type Pod\): yaml: line 1: .* \(613a205b\)$/,
    );
  });

  it('an unreadable patch is told of by its fault alone', () => {
    expect(() => decodeObject('[', 'json', { faultPrefix: 'error decoding patch: ' })).toThrow(
      /^error decoding patch: unexpected end of JSON input$/,
    );
  });

  it('an integer too large for a number is kept as it is', () => {
    expect(decodeObject('{"a":9007199254740993,"b":9007199254740991,"c":1e20}', 'json').value).toEqual({
      a: 9007199254740993n,
      b: 9007199254740991,
      c: 1e20,
    });
  });

  it('YAML means what Kubernetes takes it to mean', () => {
    const yaml = 'a: 1\nb: yes\nc: 2026-11-24\nd: 12:30\ne: 0644\nf: ~\ng: &x {h: "1"}\ni: *x\n';
    expect(decodeObject(yaml, 'yaml').value).toEqual({
      a: 1,
      b: true,
      c: '2026-11-24',
      d: '12:30',
      e: 420,
      f: null,
      g: { h: '1' },
      i: { h: '1' },
    });
  });

  it('YAML keys given twice are named with their line', () => {
    expect(decodeObject('a: 1\nb: 2\na: 3\n', 'yaml')).toEqual({
      value: { a: 3, b: 2 },
      duplicates: ['line 3: key "a" already set in map'],
    });
    expect(() => decodeObject('a: [1', 'yaml')).toThrow('yaml: line 1: ');
  });
});

it('faults are told in the order of the text', () => {
  const text = '{"spec":{"a":1,"bogus":1,"a":2,"list":[{"x":1}]},"last":1}';
  const faults = [
    'duplicate field "spec.a"',
    'unknown field "last"',
    'unknown field "spec.bogus"',
    'unknown field "spec.list[0].x"',
  ];
  expect(inTextOrder(text, faults)).toEqual([
    'unknown field "spec.bogus"',
    'duplicate field "spec.a"',
    'unknown field "spec.list[0].x"',
    'unknown field "last"',
  ]);
});
