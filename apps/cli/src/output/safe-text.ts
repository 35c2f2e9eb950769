import { unsafeSigns } from '@kubernest/process';

/** So much of a line people read; a page of it stays readable. */
const customary = 2000;

const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * What somebody else has written, as one line that does nothing to a terminal: what is no sign is shown as the escape that JSON has for it,
 * and of a long text the middle is left out. What is safe stays as it is.
 */
export function safeText(text: string, most = customary): string {
  return shortened(text, most).replace(unsafeSigns, (sign) => names[sign] ?? escaped(sign));
}

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  // The end of a sentence of ours says what to do.
  const end = Math.floor(most / 3);
  const begin = most - end;
  return `${text.slice(0, begin)} … (${text.length - begin - end} characters left out) … ${text.slice(-end)}`;
}
