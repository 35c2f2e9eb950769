import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../../../tools/test/facts.ts';
import { buildProgram } from '../command/program.ts';
import { commands } from '../commands/index.ts';
import { completionScript, shells } from './script.ts';

const program = buildProgram(commands, async () => {});
const dir = mkdtempSync(join(tmpdir(), 'kubernest-completion-'));
for (const name of ['a.tar', 'lab.yaml']) writeFileSync(join(dir, name), '');
mkdirSync(join(dir, 'lab-data'));
for (const shell of shells) writeFileSync(join(dir, `script.${shell}`), completionScript(shell, program));
afterAll(() => rmSync(dir, { recursive: true }));

/** What each shell makes of a line that has one way to go on, up to the cursor. */
const lines: readonly (readonly [typed: string, completed: string])[] = [
  ['kubernest st', 'kubernest status'],
  ['./kubernest st', './kubernest status'],
  ['kubernest image lo', 'kubernest image load'],
  ['kubernest up --det', 'kubernest up --detach'],
  ['kubernest up --detach --runtime=h', 'kubernest up --detach --runtime=hollow'],
  ['kubernest up --runtime h', 'kubernest up --runtime hollow'],
  ['kubernest up --api-p', 'kubernest up --api-port='],
  ['kubernest logs ag', 'kubernest logs agent'],
  ['kubernest status -o ', 'kubernest status -o json'],
  ['kubernest status --output=', 'kubernest status --output=json'],
  ['kubernest up --name x --det', 'kubernest up --name x --detach'],
  ['kubernest up --name up --data-dir /d --runtime=h', 'kubernest up --name up --data-dir /d --runtime=hollow'],
  ['kubernest image load --name x a.tar --data', 'kubernest image load --name x a.tar --data-dir='],
  ['kubernest image load a.t', 'kubernest image load a.tar'],
  ['kubernest bundle a.t', 'kubernest bundle a.tar'],
  ['kubernest up --config=lab.', 'kubernest up --config=lab.yaml'],
  ['kubernest up --config lab.', 'kubernest up --config lab.yaml'],
  ['kubernest up --data-dir=la', 'kubernest up --data-dir=lab-data'],
  ['kubernest nonsense st', 'kubernest nonsense st'],
];

/** Output of a shell that has a script on its standard input or as a word, and says nothing of errors. */
function saidBy(command: string, args: readonly string[]): string {
  const ran = spawnSync(command, args, {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, HOME: dir, ZDOTDIR: dir },
  });
  expect(ran.stderr).toBe('');
  return ran.stdout;
}

/** What a real bash offers: its function is called as bash does. */
function offeredByBash(line: string): readonly string[] {
  const ask = `. ./script.bash
COMP_LINE='${line}' COMP_POINT=${line.length}
compopt() { :; }
_kubernest
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return saidBy('bash', ['--norc', '-c', ask]).trim().split('\n');
}

it.each(lines)('bash completes %j to %j', (typed, completed) => {
  const [one, ...more] = offeredByBash(typed);
  expect(more).toEqual([]);
  // What stands behind the last blank or sign is replaced, where something is offered.
  expect(one ? typed.replace(/[^ =]*$/, one) : typed).toBe(completed);
});

describe('zsh', needs('zsh'), () => {
  let completed: readonly string[];
  /** Its line editor needs a terminal; what it made of each line stands in a file. */
  beforeAll(() => {
    const startup = `autoload -U compinit && compinit -u -D
source ./script.zsh
zle-line-init() {
  for BUFFER in ${lines.map(([typed]) => `'${typed}'`).join(' ')}; do
    CURSOR=$#BUFFER
    zle complete-word
    print -r -- "$BUFFER" >> said
  done
  BUFFER=exit
  zle accept-line
}
zle -N zle-line-init`;
    writeFileSync(join(dir, '.zshrc'), startup);
    saidBy('script', ['--quiet', '--command', 'zsh -d -i', '/dev/null']);
    completed = readFileSync(join(dir, 'said'), 'utf8').split('\n');
  });

  it.each(lines.map((line, at) => [...line, at] as const))('completes %j to %j', (_typed, wanted, at) => {
    expect(completed[at]!.replace(/[ /]$/, '')).toBe(wanted.trim());
  });
});

describe('fish', needs('fish'), () => {
  it.each(lines)('completes %j to %j', (typed, completed) => {
    const said = saidBy('fish', ['--no-config', '-c', `source ./script.fish; complete -C '${typed}'`]);
    const [one = '', ...more] = said
      .trim()
      .split('\n')
      .map((offer) => offer.replace(/\/?\t.*/, ''));
    expect(more).toEqual([]);
    // A flag takes its value behind a blank as well.
    expect(typed.replace(/\S*$/, one || '$&')).toBe(completed.replace(/=$/, ''));
  });
});

it('offers every command where none is typed yet', () => {
  expect(offeredByBash('kubernest ')).toEqual(
    expect.arrayContaining([...new Set(commands.map(({ name }) => name.split(' ')[0]))]),
  );
});
