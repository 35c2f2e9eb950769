export interface PemBlock {
  readonly type: string;
  /** With the lines that begin and end it. */
  readonly text: string;
  /** Lines of the form `Name: value` come before what it holds. */
  readonly hasHeaders: boolean;
}

const lineEnd = '\n';

/** Of a text in base64. In linear time, whatever is sent: from each line that begins a block to the one that ends it. */
export function pemBlocks(base64: string | undefined): PemBlock[] {
  const lines = Buffer.from(base64 ?? '', 'base64')
    .toString('latin1')
    .split(lineEnd);
  const blocks: PemBlock[] = [];
  let open: { readonly type: string; readonly from: number } | undefined;
  for (const [i, line] of lines.entries()) {
    const text = line.trimEnd();
    if (text.startsWith('-----BEGIN ') && text.endsWith('-----')) open = { type: text.slice(11, -5), from: i };
    else if (open && text === `-----END ${open.type}-----`) {
      blocks.push({
        type: open.type,
        text: lines.slice(open.from, i + 1).join(lineEnd),
        hasHeaders: lines[open.from + 1]!.includes(':'),
      });
      open = undefined;
    }
  }
  return blocks;
}

/** What a block holds, its headers aside. */
export const pemBytes = ({ text }: PemBlock): Buffer =>
  Buffer.from(
    text
      .split(lineEnd)
      .slice(1, -1)
      .filter((line) => !line.includes(':'))
      .join(''),
    'base64',
  );
