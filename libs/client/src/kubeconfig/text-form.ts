import type { ToStringOptions } from 'yaml';

const mark = '\ufeff';

/** How a file is written down, beside what it says: a change of it keeps that. */
export interface TextForm {
  readonly hasMark: boolean;
  readonly lineEnd: '\n' | '\r\n';
  readonly options: ToStringOptions;
}

/** kubectl does not indent the entries of its lists; others do. */
export function formOf(text: string): TextForm {
  const indent = indentOf(withPlainLines(text));
  return {
    hasMark: text.startsWith(mark),
    lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
    options: {
      lineWidth: 0,
      indentSeq: indent > 0,
      indent: indent || 2,
      flowCollectionPadding: /\{ /.test(text) || !/\{\S/.test(text),
    },
  };
}

/** Of the first entry of the first list that has one. */
function indentOf(text: string): number {
  let isBelowHeading = false;
  for (const line of text.split('\n')) {
    if (/^(?:clusters|users|contexts):/.test(line)) isBelowHeading = true;
    else if (isBelowHeading && !/^\s*(?:#|$)/.test(line)) {
      const entry = /^( *)- /.exec(line);
      if (entry) return entry[1]!.length;
      isBelowHeading = false;
    }
  }
  return 0;
}

/** As the parser gets it: of a line's end, the end of a comment would keep a part. */
export const withPlainLines = (text: string): string =>
  (text.startsWith(mark) ? text.slice(1) : text).replaceAll('\r\n', '\n');

export const inForm = (text: string, { hasMark, lineEnd }: TextForm): string =>
  (hasMark ? mark : '') + text.replaceAll('\n', lineEnd);
