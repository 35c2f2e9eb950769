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
  const indent =
    /^(?:clusters|users|contexts):.*\n(?:\s*(?:#.*)?\n)*( *)- /m.exec(withPlainLines(text))?.[1]?.length ?? 0;
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

/** As the parser gets it: of a line's end, the end of a comment would keep a part. */
export const withPlainLines = (text: string): string =>
  (text.startsWith(mark) ? text.slice(1) : text).replaceAll('\r\n', '\n');

export const inForm = (text: string, { hasMark, lineEnd }: TextForm): string =>
  (hasMark ? mark : '') + text.replaceAll('\n', lineEnd);
