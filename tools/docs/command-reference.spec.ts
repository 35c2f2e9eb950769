import { expect, it } from 'vitest';
import { commands } from '../../apps/cli/src/commands/index.ts';
import { commandReference } from './command-reference.ts';

it('docs/commands.md is what the command line says of itself', async () => {
  await expect(commandReference()).toMatchFileSnapshot('../../docs/commands.md');
});

it('has every command with its sentence and every flag', () => {
  const text = commandReference();
  for (const { name, about, options = [] } of commands) {
    expect(text).toContain(`### kubernest ${name}\n`);
    expect(text).toContain(about);
    for (const { flags, description } of options) expect(text).toContain(`| \`${flags}\` | ${description}`);
  }
});
