import { type Context, isAborted, messageOf } from '@kubernest/kit';
import { announceFailure, fileFault, usageExit } from '@kubernest/process';
import { Command, CommanderError, Option } from 'commander';
import { printFault, printHint } from '../output/print.ts';
import { askedOf, valueFault } from './asked-help.ts';
import { briefHelp } from './brief-help.ts';
import { type CliCommand, type CommandDefinition, type CommandLine, headings, UsageError } from './command.ts';
import { called } from './command-name.ts';
import { applyConfigFile, configSource, wordsOf as wordsOfFlag } from './config-file.ts';
import { notEmpty } from './not-empty.ts';
import { PathOption } from './paths.ts';

type Act = (line: CommandLine<object>, definition: CommandDefinition<object>) => Promise<void>;

/**
 * The whole command line as commander's tree, for running it and for what is derived from it (completion, the reference). `name` is what its
 * help calls it.
 */
export function buildProgram(commands: readonly CliCommand[], act: Act, name = 'kubernest'): Command {
  const program = quiet(new Command(name))
    .enablePositionalOptions()
    .description('A cluster that speaks the Kubernetes API.');
  for (const heading of headings)
    for (const command of commands.filter((c) => c.heading === heading)) add(program, command, act);
  return program;
}

/** Runs one command line and returns its exit code. An error is the last line that is printed. */
export async function runProgram(
  commands: readonly CliCommand[],
  argv: readonly string[],
  ctx: Context,
): Promise<number> {
  let exitCode = 0;
  const act: Act = async (line, definition) => {
    exitCode = (await definition.run(line, ctx)) ?? 0;
  };
  const program = buildProgram(commands, act, called);
  try {
    if (argv.length === 0) {
      for (const line of briefHelp(commands)) printHint(line);
      throw new UsageError(noCommand);
    }
    const asked = askedOf(program, asCommand(argv));
    if ('help' in asked) asked.help.outputHelp();
    else await program.parseAsync(asked.line, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (ctx.signal.aborted && isAborted(error)) return 0;
    const words = valueFaultOf(error, program, argv) ?? faultWords(error);
    printFault(words);
    await announceFailure(words);
    return error instanceof CommanderError || error instanceof UsageError ? usageExit : 1;
  }
}

function valueFaultOf(error: unknown, program: Command, argv: readonly string[]): string | undefined {
  if (!(error instanceof CommanderError) || error.code !== 'commander.unknownOption') return undefined;
  const [, option] = /^error: unknown option '(.*)'/s.exec(error.message) ?? [];
  return option === undefined ? undefined : valueFault(option, program, argv);
}

const noCommand = 'a command is missing';

/** What was typed is said again only where it is no secret: in the address of a store, a user's password may stand. */
function faultWords(error: unknown): string {
  if (!(error instanceof CommanderError)) return systemWords(error) ?? messageOf(error);
  // Its help has been printed.
  if (error.code === 'commander.help') return noCommand;
  return error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean/, ' (did you mean')
    .replace(/^(unknown option '[^=']*)=.*(')/s, '$1$2')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)\S*@/gi, '$1…@');
}

/** What the system refused and nobody put into words tells a call and a number of its own. */
function systemWords(error: unknown): string | undefined {
  const { syscall, path } = error as NodeJS.ErrnoException;
  return syscall !== undefined && path !== undefined ? `${path} cannot be used: ${fileFault(error)}` : undefined;
}

/** What other programs are asked by a flag. */
const asCommand = (argv: readonly string[]): readonly string[] =>
  argv[0] === '--version' || argv[0] === '-v' ? ['version', ...argv.slice(1)] : argv;

function add(program: Command, definition: CliCommand, act: Act): void {
  const words = definition.name.split(' ');
  const parent = words.slice(0, -1).reduce(groupIn(definition.heading), program);
  const command = quiet(parent.command(words.at(-1)!)).description(definition.about);
  command.helpGroup(`${definition.heading}:`);
  for (const argument of definition.arguments ?? []) command.addArgument(argument);
  for (const option of definition.options ?? []) command.addOption(option);
  if (definition.ofCluster) for (const option of clusterOptions()) command.addOption(option);
  if (definition.handsOnFlags)
    command.passThroughOptions().allowUnknownOption().helpOption(false).argument('[flags...]');
  command.action(() => {
    if (definition.ofCluster) applyConfig(program, command);
    return act(lineOf(command), definition as CommandDefinition<object>);
  });
}

/** `image` of `image load`. */
const groupIn =
  (heading: string) =>
  (parent: Command, word: string): Command =>
    parent.commands.find((command) => command.name() === word) ??
    quiet(parent.command(word))
      .description(`see: ${pathOf(parent)} ${word} --help`)
      .helpGroup(`${heading}:`);

function applyConfig(program: Command, command: Command): void {
  const source = configSource(command.getOptionValue('config') as string | undefined, process.env);
  if (source) applyConfigFile(source, command, allWords(program));
}

const lineOf = (command: Command): CommandLine<object> => ({
  options: command.opts(),
  args: command.args,
  isGiven: (option) => ['cli', 'config'].includes(command.getOptionValueSource(option) ?? ''),
});

const clusterOptions = (): Option[] => [
  new Option('--name <name>', 'which cluster').argParser(notEmpty).default('default'),
  new PathOption(
    '--data-dir <dir>',
    'where its data lives (default: /var/lib/kubernest/NAME, or ~/.local/share/kubernest/NAME)',
    'folder',
  ),
  new PathOption(
    '--config <file>',
    'a YAML file that says the same as flags would, each without its dashes; paths in it begin where it lies (default: the file that the variable KUBERNEST_CONFIG names)',
    'file',
  ),
];

const allWords = (command: Command): Set<string> =>
  new Set([
    ...command.options.filter(({ long }) => long).flatMap(wordsOfFlag),
    ...command.commands.flatMap((child) => [...allWords(child)]),
  ]);

/** Errors are thrown, with where to read on before them, and printed in one place. */
const quiet = (command: Command): Command =>
  command.exitOverride().configureOutput({
    outputError: (_message, write) => write(`see: ${pathOf(command)} --help\n`),
  });

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
