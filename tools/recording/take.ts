/** A command as it was typed, and what it showed. */
export interface Take {
  readonly command: string;
  readonly lines: readonly Line[];
}

export interface Line {
  /** Milliseconds after the command began. */
  readonly at: number;
  readonly text: string;
}

/** What came out of a terminal, in the pieces in which it came. Throws on what moves the cursor: lines are written once and stay. */
export function linesOf(pieces: readonly Line[]): readonly Line[] {
  const lines: Line[] = [];
  let open = '';
  for (const { at, text } of pieces) {
    const [first = '', ...more] = `${open}${text}`.replaceAll('\r\n', '\n').split('\n');
    open = more.pop() ?? first;
    if (text.includes('\n')) lines.push(...[first, ...more].map((each) => ({ at, text: plain(each) })));
  }
  if (open !== '') lines.push({ at: pieces.at(-1)!.at, text: plain(open) });
  return lines;
}

function plain(text: string): string {
  const [control] = /\p{Cc}/u.exec(text) ?? [];
  if (control !== undefined) throw new Error(`${JSON.stringify(control)} cannot be recorded: ${JSON.stringify(text)}`);
  return text.trimEnd();
}

/** Without what is of this machine or opens something: where the home is, and the link of the dashboard, which works once. */
export const withoutOwn = (text: string, home: string): string =>
  text.replaceAll(home, '~').replaceAll(/#link=\S+/g, '#link=…');
