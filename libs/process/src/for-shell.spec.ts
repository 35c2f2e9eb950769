import { spawnSync } from 'node:child_process';
import { forShell } from '@kubernest/process';
import { expect, it } from 'vitest';

const words = [
  'plain',
  '/a/b-c_d.e:f,g=h%i+j@k',
  '',
  ' ',
  'two words',
  "it's",
  '$HOME',
  '`id`',
  '"',
  '\\',
  '*',
  '~',
  '#a',
  'ä',
  'a\nb',
  ';',
  "''",
];

it('a shell reads every word as it is', () => {
  const script = words.map((word) => `printf '%s\\0' ${forShell(word)}`).join('\n');
  for (const shell of ['sh', 'bash'])
    expect(spawnSync(shell, ['-c', script], { encoding: 'utf8' }).stdout.split('\0')).toEqual([...words, '']);
});

it('what is plain stays as people write it', () => {
  expect(['plain', '/var/lib/kubernest/a-b', '--name=x'].map(forShell)).toEqual([
    'plain',
    '/var/lib/kubernest/a-b',
    '--name=x',
  ]);
});
