import { describe, expect, it } from 'vitest';
import { isObject } from '../value.ts';
import { decodeYaml } from './decode-yaml.ts';
import { readByGo, refusedByGo } from './go-yaml.fixture.ts';

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
};

/** Large integers as a number has them, which is how JSON.parse reads the expected side. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)));

describe("YAML as Kubernetes' library reads it", () => {
  it.each(readByGo)('%j is %s', (yaml, json) => {
    expect(JSON.stringify(sorted(plain(decodeYaml(yaml).value)))).toBe(JSON.stringify(sorted(JSON.parse(json))));
  });

  it.each(refusedByGo)('%j is refused', (yaml) => {
    expect(() => decodeYaml(yaml)).toThrow(expect.objectContaining({ name: 'YamlError' }));
  });

  it.each([
    ['a: 1\na: 2', ['line 2: key "a" already set in map']],
    ['b: {a: 1, c: {d: 1, d: 2}}', ['line 1: key "d" already set in map']],
    ['x: &a {b: 1, c: 2}\nz:\n  <<: *a\n  b: 3', ['line 4: key "b" already set in map']],
    [
      'b:\n- a: 1\n  a: 2\n- a: 1\n  a: 3',
      ['line 3: key "a" already set in map', 'line 5: key "a" already set in map'],
    ],
  ])('keys given twice in %j are told of with the line of their value', (yaml, duplicates) => {
    expect(decodeYaml(yaml).duplicates).toEqual(duplicates);
  });

  it('keys of a prototype are keys like any other', () => {
    const { value } = decodeYaml('__proto__: {a: 1}\nconstructor: 2\nb: {<<: {__proto__: 3}}');
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":1},"constructor":2,"b":{"__proto__":3}}');
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});

describe('brackets and quotes over lines that stand no further right than their key', () => {
  it.each([
    ['spec:\n  args: [\n    "a",\n  ]\n  b: 1\n', { spec: { args: ['a'], b: 1 } }],
    ['args: [\n1\n]\nb: {\n}\n', { args: [1], b: {} }],
    ['a: "x\ny"\nb: \'z\n\nw\'\n', { a: 'x y', b: 'z\nw' }],
    ["x: |\n  [\n   a: '\nb: [\n1\n]\nc: it's [\n", { x: "[\n a: '\n", b: [1], c: "it's [" }],
    ['a: {b: "]", # ]\n}\n', { a: { b: ']' } }],
  ])('%j is read', (yaml, value) => {
    expect(decodeYaml(yaml).value).toEqual(value);
  });
});

/** A parser that is not linear takes minutes for each of these. */
describe('a megabyte is read or refused without delay', () => {
  const megabyte = 1024 * 1024;
  const fill = (unit: string): string => unit.repeat(megabyte / unit.length);

  it.each(['"', 'a: b, ', '[', '- ', '? ', 'a: 1\n', '---\n', "''", '!', '&a ', '\n', '\t', '%TAG ! a\n', 'a\n'])(
    '%j again and again',
    (unit) => {
      try {
        decodeYaml(fill(unit));
      } catch (error) {
        expect(error).toMatchObject({ name: 'YamlError' });
      }
    },
  );

  it.each([
    [
      'aliases of aliases',
      `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]\n`).join('')}`,
    ],
    ['aliases of a long text', `a: &a ${'x'.repeat(megabyte / 2)}\nb: [${'*a,'.repeat(100_000)}]`],
    [
      'merges of a large map',
      `a: &a {${Array.from({ length: 3000 }, (_, i) => `k${i}: 1, `).join('')}}\nb:\n${'  <<: *a\n'.repeat(50_000)}`,
    ],
  ])('%s are bounded', (_, yaml) => {
    expect(() => decodeYaml(yaml)).toThrow('document contains excessive aliasing');
  });

  it('a document that is too deep is refused', () => {
    expect(() => decodeYaml('{a: '.repeat(5000))).toThrow('exceeded max depth');
  });
});

/** A list of values that each hold the one before, by its alias, 100 levels further out. */
function chain(levels: number, open: string, close: string, core: string): string {
  const out = [`- &a0 ${core}\n`];
  for (let left = levels - 2, i = 1; left > 0; left -= 100, i++) {
    const more = Math.min(100, left);
    out.push(`- &a${i} ${open.repeat(more)}*a${i - 1}${close.repeat(more)}\n`);
  }
  return out.join('');
}

describe('levels count wherever they come from', () => {
  it.each([
    ['in the text', (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`],
    [
      'of pairs in lists',
      (levels: number) => `${'[a: '.repeat(levels / 2)}${levels % 2 ? '[]' : ''}${']'.repeat(levels / 2)}`,
    ],
    ['behind aliases', (levels: number) => chain(levels, '[', ']', '[]')],
    ['behind aliases of maps', (levels: number) => chain(levels, '{k: ', '}', '{}')],
    ['behind merges', (levels: number) => chain(levels, '{<<: ', '}', '{}')],
    ['behind merges of lists', (levels: number) => chain(levels, '{<<: [', ']}', '{}')],
  ])('%s: a thousand are read, one more is refused', (_, deep) => {
    decodeYaml(deep(1000));
    expect(() => decodeYaml(deep(1001))).toThrow('exceeded max depth of 1000');
  });

  it('what stands side by side is not deeper', () => {
    const deep = `${'['.repeat(900)}${']'.repeat(900)}`;
    expect(
      decodeYaml(`a: &a ${deep}
b: [*a, *a, *a]
c: {<<: {d: *a}, e: *a}`).duplicates,
    ).toEqual([]);
  });
});
