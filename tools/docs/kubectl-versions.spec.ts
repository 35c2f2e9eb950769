import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unsaidVersions } from './kubectl-versions.ts';

const root = join(import.meta.dirname, '..', '..');
const textsIn = (folder: string, ext: RegExp): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ext.test(name))
    .map((name) => join(folder, name));
const texts = ['README.md', ...textsIn('docs/guide', /\.md$/), ...textsIn('examples', /\.yaml$/)];

it.each(texts)('%s says which kubectl it needs, where that of Debian does not do', (name) => {
  expect(unsaidVersions(readFileSync(join(root, name), 'utf8'))).toEqual([]);
});

it('what is newer is told of unless the text says that version, or a later one', () => {
  const token = 'kubectl create token anna';
  expect(unsaidVersions(token)).toEqual(['1.24']);
  expect(unsaidVersions(`${token}: needs kubectl 1.22 or newer`)).toEqual(['1.24']);
  expect(unsaidVersions(`${token}: needs kubectl 1.24 or newer`)).toEqual([]);
  expect(unsaidVersions('labels:\n  - pairs:')).toEqual(['1.22']);
  expect(unsaidVersions('kubectl get pods')).toEqual([]);
});
