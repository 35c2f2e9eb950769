import type { Argument, Command, Option } from 'commander';
import { help as serverHelp } from '../../apps/api/src/config/config.ts';
import { type CliCommand, headings } from '../../apps/cli/src/command/command.ts';
import { buildProgram } from '../../apps/cli/src/command/program.ts';
import { commands } from '../../apps/cli/src/commands/index.ts';
import { help as agentHelp } from '../../apps/node-agent/src/config.ts';

const program = buildProgram(commands, async () => {});
/** Of a program that takes flags of its own. */
const ownHelp: Readonly<Record<string, () => string>> = { server: serverHelp, agent: agentHelp };

/** The text of docs/commands.md: every command, every flag, and the sentence that `--help` has for it. */
export function commandReference(): string {
  const shared = findCommand('status').options.filter(isShared);
  const parts = [
    '# Commands',
    'Made from the command line itself; `npx vitest run tools/docs/command-reference.spec.ts -u` makes it anew.',
    'An error is the last line that is printed. The exit code is 0 for success, 1 for a failure, 2 for a line that cannot be meant, and 130 for an `up` that is told to end before its cluster is up.',
    '## Flags of every command about one cluster',
    table(shared.map(flagRow)),
    ...headings.flatMap((heading) => [
      `## ${heading}`,
      ...commands.filter((command) => command.heading === heading).map(section),
    ]),
  ];
  return `${parts.join('\n\n').trimEnd()}\n`;
}

function section(definition: CliCommand): string {
  const command = findCommand(definition.name);
  const words = command.registeredArguments.filter(({ description, argChoices }) => description || argChoices);
  const flags = command.options.filter((option) => !(definition.ofCluster && isShared(option)));
  const rows = [...words.map(argumentRow), ...flags.map(flagRow)];
  const own = ownHelp[definition.name];
  return [
    `### kubernest ${definition.name}`,
    `\`kubernest ${definition.name}${usageOf(command)}\``,
    `${command.description()}${definition.ofCluster ? ' It is about one cluster.' : ''}`,
    ...(rows.length > 0 ? [table(rows)] : []),
    ...(own ? [`\`\`\`text\n${own().trim()}\n\`\`\``] : []),
  ].join('\n\n');
}

const findCommand = (name: string): Command =>
  name.split(' ').reduce((at, word) => at.commands.find((command) => command.name() === word)!, program);

const isShared = ({ long }: Option): boolean => ['--name', '--data-dir', '--config'].includes(long!);

function usageOf(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return `${command.options.length > 0 ? ' [flags]' : ''}${words.filter((word) => word !== ' [flags...]').join('')}`;
}

const argumentRow = (argument: Argument): readonly string[] => [
  `\`${argument.name()}\``,
  sentence(argument.description, argument.argChoices, undefined),
];
const flagRow = (option: Option): readonly string[] => [
  `\`${option.flags}\``,
  sentence(option.description, option.argChoices, option.negate ? undefined : option.defaultValue),
];

function sentence(about: string, choices: readonly string[] | undefined, initial: unknown): string {
  const one = choices ? `one of ${choices.map((choice) => `\`${choice}\``).join(', ')}` : '';
  const without = initial === undefined ? '' : `without it: \`${String(initial)}\``;
  return [about, one, without].filter((part) => part !== '').join('; ');
}

const table = (rows: readonly (readonly string[])[]): string =>
  ['| | |', '| --- | --- |', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
