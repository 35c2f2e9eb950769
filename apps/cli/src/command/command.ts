import type { Context } from '@kubernest/kit';
import type { Argument, Option } from 'commander';

/** Under which heading `kubernest --help` shows a command. */
export const headings = ['Clusters', 'Use', 'Look into', 'This machine'] as const;
export type Heading = (typeof headings)[number];

/** What every command about one cluster takes. */
export interface ClusterOptions {
  readonly name: string;
  /** Absent: the place that follows from the name. */
  readonly dataDir?: string;
}

/** What was typed behind a command's name. */
export interface CommandLine<Options> {
  readonly options: Options;
  /** Of the declared arguments, in their order; a variadic one is spread out at the end. */
  readonly args: readonly string[];
  /** By its attribute name (`apiPort`): given on the command line or in the file of `--config`, and no default. */
  readonly isGiven: (option: keyof Options & string) => boolean;
}

/** One command of `kubernest`: data, and what runs it. */
export interface CommandDefinition<Options> {
  /** The words behind `kubernest`: `status`, `image load`. */
  readonly name: string;
  readonly heading: Heading;
  /** One sentence, for `--help`. */
  readonly about: string;
  /** It is about one cluster, and takes `--name`, `--data-dir` and `--config` as well. */
  readonly ofCluster?: boolean;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** What it does not know itself, and everything behind the first word that is no flag, is handed on as `args`, `--help` included. */
  readonly handsOnFlags?: boolean;
  /**
   * Resolves with the exit code; nothing is 0. Throws `UsageError` for what cannot be meant (exit code 2); any other error is printed as
   * the last line (exit code 1).
   */
  run(line: CommandLine<Options>, ctx: Context): Promise<number> | Promise<void>;
}

/** A command whose options nobody but itself needs to know. */
export type CliCommand = CommandDefinition<never>;

export { UsageError } from '@kubernest/process';
