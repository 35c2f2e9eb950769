import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildProgram } from '../../apps/cli/src/command/program.ts';
import { commands } from '../../apps/cli/src/commands/index.ts';
import { typedCommands, unknownWord } from './typed-commands.ts';

const root = join(import.meta.dirname, '../..');
const program = buildProgram(commands, async () => {});
const texts = globSync(['*.md', 'docs/**/*.md', 'addons/**/*.md', 'examples/*.yaml'], { cwd: root });

it('what is to be typed is found in blocks and in code, not in what they show', () => {
  const text = `the kubernest house, \`kubernest version\`, \`./kubernest list\`
\`\`\`sh none
curl "$(./kubernest service web)" | grep it
# kubernest says more
\`\`\``;
  expect(typedCommands(text)).toEqual(['version', 'list', 'service web']);
});

it.each([
  ['up --detach --hollow-nodes=3 -d', undefined],
  ['image load app.tar --as app:1', undefined],
  ['service', undefined],
  ['kubectl get pods --all-namespaces', undefined],
  ['start', 'start'],
  ['image pull x', 'pull'],
  ['status --wide', '--wide'],
])('of %j the program lacks %j', (typed, unknown) => {
  expect(unknownWord(typed, program)).toBe(unknown);
});

it.each(texts)('every kubernest command in %s is one that there is, with its flags', (name) => {
  const text = readFileSync(join(root, name), 'utf8');
  const typed = name.endsWith('.yaml') ? text.replaceAll(/^# {3}(.*)$/gm, '`$1`') : text;
  expect(typedCommands(typed).filter((each) => unknownWord(each, program) !== undefined)).toEqual([]);
});
