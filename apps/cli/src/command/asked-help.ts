import type { Command } from 'commander';
import { UsageError } from './command.ts';

/** What is to be done with what was typed: print the help of a command, or run a line. */
export type Asked = { readonly help: Command } | { readonly line: readonly string[] };

/**
 * What is not there has no help: `help fry` and `fry --help` are run as `fry`, which says that it is unknown and what was meant. commander's own
 * help knows one word, and shows that of all for one that it does not know.
 */
export function askedOf(program: Command, argv: readonly string[]): Asked {
  const isHelp = argv[0] === 'help';
  const typed = isHelp ? argv.slice(1) : argv;
  const words = wordsOf(typed);
  const { command, left } = commandAt(program, words);
  if (left.length > 0 && command.commands.length > 0) return { line: words };
  if (!isHelp) return { line: argv };
  if (left.length > 0) throw new UsageError(`there is no command "${words.join(' ')}"`);
  return { help: command };
}

/**
 * What is to be said of an unknown option that is known and got a value that it does not take, such as `--detach=yes`: commander takes the whole
 * for its name. Undefined for any other.
 */
export function valueFault(option: string, program: Command, argv: readonly string[]): string | undefined {
  const [flag] = option.split('=', 1);
  if (flag === option) return undefined;
  const { command } = commandAt(program, wordsOf(argv));
  const isKnown = command.options.some(({ long, short }) => long === flag || short === flag) || flag === '--help';
  return isKnown ? `${flag} takes no value: give it alone, or leave it out` : undefined;
}

/** What stands before the first flag. */
function wordsOf(typed: readonly string[]): readonly string[] {
  const flags = typed.findIndex((word) => word.startsWith('-'));
  return flags < 0 ? typed : typed.slice(0, flags);
}

function commandAt(
  from: Command,
  words: readonly string[],
): { readonly command: Command; readonly left: readonly string[] } {
  const found = from.commands.find((command) => command.name() === words[0]);
  return found ? commandAt(found, words.slice(1)) : { command: from, left: words };
}
