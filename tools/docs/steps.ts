/** A command of a text for people, and what that says it shows. */
export interface Step {
  readonly command: string;
  /** Lines that are to be among those of its output, in this order; `…` stands for anything. Empty: it is to succeed, whatever it says. */
  readonly shows: readonly string[];
}

/** The shell blocks of a Markdown text. */
export const shellBlocks = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block!);

/** The block that is indented by three spaces in the comment at the head of a file. */
export function headBlock(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => line.startsWith('#   '))
    .map((line) => `${line.slice(4)}\n`)
    .join('');
}

/** A line is a command; comments below it are what it shows. Throws where nothing is there to show it. */
export function stepsOf(block: string): readonly Step[] {
  const steps: { command: string; shows: string[] }[] = [];
  for (const line of block.split('\n').map((each) => each.trim())) {
    const said = /^# ?(.*)$/.exec(line)?.[1];
    if (said !== undefined) {
      const last = steps.at(-1);
      if (!last) throw new Error(`"${line}" is below no command`);
      last.shows.push(said);
    } else if (line !== '') steps.push({ command: line, shows: [] });
  }
  return steps;
}

/** The first line that the output lacks; undefined where it shows all. How wide a gap between columns is does not matter. */
export function missingFrom(output: string, { shows }: Step): string | undefined {
  const lines = output.split('\n').map(narrow);
  let from = 0;
  for (const line of shows) {
    const found = lines.findIndex((each, i) => i >= from && patternOf(line).test(each));
    if (found < 0) return line;
    from = found + 1;
  }
  return undefined;
}

const narrow = (line: string): string => line.trim().replaceAll(/\s+/g, ' ');
const patternOf = (line: string): RegExp => new RegExp(`^${narrow(line).split('…').map(RegExp.escape).join('.*')}$`);
