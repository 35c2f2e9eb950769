import { userHome } from '@kubernest/client';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { notEmpty } from './not-empty.ts';

export type PathKind = 'file' | 'folder';

/** An option whose value is a path: typed, it begins in the current folder; in a file of `--config`, beside that file. */
export class PathOption extends Option {
  constructor(
    flags: string,
    description: string,
    readonly kind: PathKind,
  ) {
    super(flags, description);
    this.argParser(path);
  }
}

/** An argument that is a path, or may be one. */
export class PathArgument extends Argument {
  readonly kind: PathKind = 'file';
}

export const pathKindOf = (word: Option | Argument): PathKind | undefined =>
  word instanceof PathOption || word instanceof PathArgument ? word.kind : undefined;

/** No shell replaces a `~` behind a `=`, nor in a file. */
export function path(text: string): string {
  notEmpty(text);
  if (text === '~' || text.startsWith('~/')) return `${userHome()}${text.slice(1)}`;
  if (text.startsWith('~'))
    throw new InvalidArgumentError(
      `only ~/, your own home, is known here; write another out, or ./${text} for what is called so in this folder`,
    );
  return text;
}
