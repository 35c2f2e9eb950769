import { Argument } from 'commander';
import { type CliCommand, type CommandDefinition, UsageError } from '../command/command.ts';
import { buildProgram } from '../command/program.ts';
import { completionScript, type Shell, shells } from '../completion/script.ts';
import { printExact } from '../output/print.ts';

/** `commands` are all of them, this one included. */
export const completion = (commands: () => readonly CliCommand[]): CommandDefinition<object> => ({
  name: 'completion',
  heading: 'This machine',
  about: 'Print what makes a shell complete the command line: source <(kubernest completion bash).',
  arguments: [new Argument('<shell>').choices(shells)],
  async run({ args: [shell] }) {
    if (!shells.includes(shell as Shell)) throw new UsageError(`one of ${shells.join(', ')}`);
    printExact(
      completionScript(
        shell as Shell,
        buildProgram(commands(), async () => {}),
      ),
    );
  },
});
