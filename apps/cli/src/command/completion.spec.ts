import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { commands } from '../commands/index.ts';
import { completionScript } from './completion.ts';
import { buildProgram } from './program.ts';

const program = buildProgram(commands, async () => {});
const script = completionScript('bash', program);

/** What a real bash offers for a line that ends where one stands. */
function offered(line: string): readonly string[] {
  const ask = `${script}
COMP_LINE=${JSON.stringify(line)} COMP_POINT=${line.length} COMP_WORDS=(${line}) COMP_CWORD=1
compopt() { :; }
_kubernest
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const ran = spawnSync('bash', ['--norc', '-c', ask], { encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  return ran.stdout.trim().split('\n');
}

it.each([
  ['kubernest st', ['status']],
  ['./kubernest st', ['status']],
  ['kubernest image lo', ['load']],
  ['kubernest up --det', ['--detach']],
  ['kubernest up --detach --runtime=h', ['hollow']],
  ['kubernest up --api-p', ['--api-port=']],
  ['kubernest logs ag', ['agent']],
  ['kubernest up --name x --det', ['--detach']],
  ['kubernest up --name up --data-dir /d --runtime=h', ['hollow']],
  ['kubernest image load --name x a.tar --data', ['--data-dir=']],
  ['kubernest image --name x lo', ['']],
  ['kubernest nonsense ', ['']],
])('bash completes %j', (line, words) => {
  expect(offered(line)).toEqual(words);
});

it('offers every command where none is typed yet', () => {
  expect(offered('kubernest ')).toEqual(
    expect.arrayContaining([...new Set(commands.map(({ name }) => name.split(' ')[0]))]),
  );
});

it('zsh takes the same through its own way to read it, fish has a line a word', () => {
  expect(completionScript('zsh', program)).toContain(script);
  expect(completionScript('fish', program)).toContain(`complete -c kubernest -f -n '_kubernest_at "image"' -a 'load'`);
});
