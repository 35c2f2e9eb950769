import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(`${root}/docs/dependencies.md`, 'utf8');
const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;
const named = [...text.matchAll(/`([@\w][\w./*-]*)`/g)].map(([, name]) => name!);
/** Types go with what they are of; `@scope/*` names all of a scope. */
const isNamed = (name: string): boolean =>
  named.includes(name) || name.startsWith('@types/') || named.includes(`${name.split('/')[0]!}/*`);

it('every dependency is named with its reason', () => {
  expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !isNamed(name))).toEqual([]);
});
