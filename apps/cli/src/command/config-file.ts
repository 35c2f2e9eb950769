import { dirname, resolve } from 'node:path';
import { messageOf } from '@kubernest/kit';
import { fileFault, readRegularFile, readYaml } from '@kubernest/process';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { UsageError } from './command.ts';
import { PathOption, path } from './paths.ts';

/** What a file of flags says: the long names of flags, without dashes, and their values. */
type ConfigFile = ReadonlyMap<string, string | boolean>;

/** One line of it. */
interface Said {
  readonly word: string;
  readonly value: string | boolean;
}

/** Which file, and how the user said that it is to be used. */
export interface ConfigSource {
  readonly file: string;
  readonly said: string;
}

/** What was typed wins over what the environment says; an empty variable says nothing. */
export function configSource(typed: string | undefined, env: Readonly<NodeJS.ProcessEnv>): ConfigSource | undefined {
  if (typed !== undefined) return { file: typed, said: `--config ${typed}` };
  const file = env['KUBERNEST_CONFIG'];
  if (!file) return undefined;
  const said = `KUBERNEST_CONFIG=${file}`;
  try {
    return { file: path(file), said };
  } catch (error) {
    throw new UsageError(`${said}: ${messageOf(error)}`, { cause: error });
  }
}

/** Throws `UsageError` unless it is a YAML map of flags to texts, numbers and booleans. */
function readConfigFile({ file, said }: ConfigSource): ConfigFile {
  let read: unknown;
  try {
    read = readYaml(readRegularFile(file)).content;
  } catch (error) {
    throw new UsageError(`${said} cannot be read: ${fileFault(error)}`, { cause: error });
  }
  if (read === null || read === undefined) return new Map();
  if (typeof read !== 'object' || Array.isArray(read))
    throw new UsageError(`${said}: it must be a map of flags, such as "runtime: hollow"`);
  return new Map(
    Object.entries(read).map(([word, value]) => {
      if (typeof value === 'number') return [word, String(value)];
      if (typeof value === 'string' || typeof value === 'boolean') return [word, value];
      throw new UsageError(`${said}: ${word} must be a text, a number, true or false`);
    }),
  );
}

/**
 * Gives a command the values of the file for the flags that were not typed. Words of other commands are passed over, so that one file serves
 * all of them; words that no command knows are refused.
 */
export function applyConfigFile(source: ConfigSource, command: Command, allWords: ReadonlySet<string>): void {
  for (const [word, value] of readConfigFile(source)) {
    if (!allWords.has(word) || word === 'config')
      throw new UsageError(`${source.said}: there is no flag --${word}; its words are those of the flags`);
    const option = optionFor(command, word, value);
    if (!option || command.getOptionValueSource(option.attributeName()) === 'cli') continue;
    command.setOptionValueWithSource(option.attributeName(), typed(option, { word, value }, source), 'config');
  }
}

/** `addons: false` says what `--no-addons` says, and so does `no-addons: true`. */
export const wordsOf = ({ long, negate }: Option): readonly string[] => {
  const word = long!.slice(2);
  return negate ? [word.slice('no-'.length), word] : [word];
};

function optionFor(command: Command, word: string, value: string | boolean): Option | undefined {
  const options = command.options.filter((option) => option.long && wordsOf(option).includes(word));
  return options.find((option) => option.negate === (value === false)) ?? options[0];
}

function typed(option: Option, { word, value }: Said, { file, said }: ConfigSource): unknown {
  if (option.isBoolean() || option.negate) {
    if (typeof value !== 'boolean') throw new UsageError(`${said}: ${word} is true or false`);
    return option.negate && option.long === `--${word}` ? !value : value;
  }
  if (typeof value === 'boolean') throw new UsageError(`${said}: ${word} needs a value`);
  try {
    const parsed: unknown = option.parseArg ? option.parseArg(value, undefined) : value;
    return option instanceof PathOption ? resolve(dirname(file), String(parsed)) : parsed;
  } catch (error) {
    if (error instanceof InvalidArgumentError)
      throw new UsageError(`${said}: ${word} ${value}: ${error.message}`, { cause: error });
    throw error;
  }
}
