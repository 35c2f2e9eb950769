import { spawnSync } from 'node:child_process';
import { forScript, forShell, unsafeSigns } from '@kubernest/process';
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

const strange = ['\u001b[2J', '\u001b7', "it's\t\\n\u009b0", 'a\u202eb\u200bc\u2028d', '\r\n'];

const readBy = (shell: string, quote: (word: string) => string, said: readonly string[]): readonly string[] => {
  const script = said.map((word) => `printf '%s\\0' ${quote(word)}`).join('\n');
  return spawnSync(shell, ['-c', script], { encoding: 'utf8' }).stdout.split('\0').slice(0, -1);
};

it('a shell reads every word as it is', () => {
  expect(readBy('bash', forShell, [...words, ...strange])).toEqual([...words, ...strange]);
  for (const shell of ['sh', 'bash'])
    expect(readBy(shell, forScript, [...words, ...strange])).toEqual([...words, ...strange]);
});

it('what would do something to a terminal is quoted as its bytes', () => {
  expect(forShell("/a\u001b[2J\nit's")).toBe("$'/a\\033[2J\\012it\\'s'");
  for (const word of strange) expect(forShell(word).search(unsafeSigns)).toBe(-1);
});

it('what is plain stays as people write it', () => {
  expect(['plain', '/var/lib/kubernest/a-b', '--name=x'].map(forShell)).toEqual([
    'plain',
    '/var/lib/kubernest/a-b',
    '--name=x',
  ]);
});
