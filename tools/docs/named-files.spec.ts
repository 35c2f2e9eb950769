import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { namedTests } from './named-files.ts';

const root = resolve(import.meta.dirname, '../..');
const outside = /(^|\/)(node_modules|dist|\..+)$/;
const found = (pattern: string) => globSync(pattern, { cwd: root, exclude: (name) => outside.test(name) });
const tests = found('{apps,bench,e2e,libs,tools}/**/*.{spec,e2e,nightly}.ts').map((file) => `/${file}`);
const texts = found('**/*.md');

it('test files are found in code, each of several', () => {
  expect(namedTests('see `a.spec.ts`, `b/{c,d}.e2e.ts` and e.spec.ts')).toEqual([
    'a.spec.ts',
    'b/c.e2e.ts',
    'b/d.e2e.ts',
  ]);
});

it('texts name tests', () => {
  expect(texts.flatMap((name) => namedTests(readFileSync(join(root, name), 'utf8'))).length).toBeGreaterThan(100);
});

it.each(texts)('each test that %s names is there', (name) => {
  const named = namedTests(readFileSync(join(root, name), 'utf8'));
  expect(named.filter((test) => !tests.some((file) => file.endsWith(`/${test}`)))).toEqual([]);
});
