import type { ParseArgsOptionDescriptor } from 'node:util';
import { commandName } from './command-name.ts';

/** A flag of a program: what `parseArgs` takes, and what `--help` says of it. */
export type Flag = ParseArgsOptionDescriptor & {
  /** The word for its value: `dir` in `--data-dir <dir>`. */
  readonly value?: string;
  readonly what: string;
};

export const asksForHelp = (args: readonly string[]): boolean => args.some((arg) => arg === '--help' || arg === '-h');

/** What a program prints when asked for help: how it is called and what it is, then a line a flag. `command` is the one of `kubernest`. */
export function flagsHelp(command: string, about: string, flags: Readonly<Record<string, Flag>>): string {
  const rows = Object.entries(flags).map(([name, flag]) => [
    `--${name}${flag.value ? ` <${flag.value}>` : ''}`,
    `${flag.what}${defaultOf(flag)}`,
  ]);
  rows.push(['-h, --help', 'display help for command']);
  const width = Math.max(...rows.map(([left]) => left!.length));
  const lines = rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`);
  return [`Usage: ${commandName()} ${command} [options]`, '', about, '', 'Options:', ...lines].join('\n');
}

function defaultOf({ default: value }: Flag): string {
  return typeof value === 'string' ? ` (default: ${value})` : '';
}

/** The value of a flag, if it is one of these; throws one sentence that names the flag and what it wants. */
export function oneOf<T extends string>(value: string, allowed: readonly T[], flag: string): T {
  if (!allowed.includes(value as T)) throw new Error(`${flag} ${value}: one of ${allowed.join(', ')}`);
  return value as T;
}
