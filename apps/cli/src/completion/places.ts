import type { Command, Option } from 'commander';
import { type PathKind, pathKindOf } from '../command/paths.ts';

export interface Word {
  readonly word: string;
  readonly about: string;
}

/** What may stand behind a flag or as an argument: one of some words, a path, or what nobody can guess. */
export interface Values {
  readonly words: readonly string[];
  readonly path?: PathKind;
}

export interface Flag {
  /** `--output`, and `-o` where it has one. */
  readonly names: readonly [long: string, short?: string];
  readonly about: string;
  /** Undefined: it takes none. */
  readonly values?: Values;
}

/** What a shell can complete behind one path of words: `image` has the word `load`, `image load` has flags. */
export interface Place {
  readonly path: string;
  readonly commands: readonly Word[];
  readonly values: Values;
  readonly flags: readonly Flag[];
}

export function placesOf(command: Command, path = ''): readonly Place[] {
  const given = command.registeredArguments;
  const place = {
    path,
    commands: command.commands.map((child) => ({ word: child.name(), about: child.description() })),
    values: {
      words: given.flatMap(({ argChoices }) => argChoices ?? []),
      path: given.map(pathKindOf).find((kind) => kind !== undefined),
    },
    flags: command.options.filter(({ hidden }) => !hidden).map(flagOf),
  };
  return [place, ...command.commands.flatMap((child) => placesOf(child, `${path} ${child.name()}`.trim()))];
}

const flagOf = (option: Option): Flag => ({
  names: option.short ? [option.long!, option.short] : [option.long!],
  about: option.description,
  values: option.required ? { words: option.argChoices ?? [], path: pathKindOf(option) } : undefined,
});

/** Behind these stands no further word of a command: what is typed there are values of flags and arguments. */
export const leavesOf = (places: readonly Place[]): readonly string[] =>
  places.filter(({ commands }) => commands.length === 0).map(({ path }) => path);
