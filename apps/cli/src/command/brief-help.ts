import { type CliCommand, headings } from './command.ts';
import { called } from './command-name.ts';

/** What there is, for somebody who has typed no command: short enough to be read, and what to type stands at its end. */
export function briefHelp(commands: readonly CliCommand[]): readonly string[] {
  const lines = headings.flatMap((heading) => {
    const names = commands.filter((command) => command.heading === heading).map(({ name }) => name.split(' ')[0]!);
    return names.length === 0 ? [] : [`  ${heading.padEnd(14)}${[...new Set(names)].join(', ')}`];
  });
  return ['A cluster that speaks the Kubernetes API.', '', ...lines, '', `see: ${called} --help`];
}
