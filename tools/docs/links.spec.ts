import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { anchorsOf, relativeLinks } from './links.ts';

const root = resolve(import.meta.dirname, '../..');
const texts = globSync('**/*.md', { cwd: root, exclude: (name) => /(^|\/)(node_modules|dist|\..+)$/.test(name) });

it('links are found in text and not in code, without those to other places', () => {
  const text = 'a [b](c.md) ![d](e.png) `[f](g)` [h](https://i) [j](#k)\n\n```\n[l](m)\n```\n';
  expect(relativeLinks(text)).toEqual(['c.md', 'e.png', '#k']);
  expect(anchorsOf('# One `two`, three\n\n```\n# no\n```\n\n## Four-five\n')).toEqual(['one-two-three', 'four-five']);
});

it('there are texts', () => {
  expect(texts).toEqual(expect.arrayContaining(['README.md', 'docs/scope.md', 'libs/kit/README.md']));
});

it.each(texts)('every link of %s points to something that exists', (name) => {
  const broken = relativeLinks(readFileSync(join(root, name), 'utf8')).filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? join(root, name) : join(root, dirname(name), decodeURI(path));
    if (!existsSync(target)) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
  });
  expect(broken).toEqual([]);
});
