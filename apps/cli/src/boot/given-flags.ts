import type { Option } from 'commander';
import type { CommandLine } from '../command/command.ts';

/** What was given for these options, on the command line or in the file of `--config`, as flags to be given again. */
export function givenFlags<Options extends object>(
  options: readonly Option[],
  line: CommandLine<Options>,
): readonly string[] {
  return options.flatMap((option) => {
    const name = option.attributeName() as keyof Options & string;
    if (!line.isGiven(name)) return [];
    const value = line.options[name];
    if (typeof value !== 'boolean') return [`${option.long}=${String(value)}`];
    return value === option.negate ? [] : [option.long!];
  });
}
