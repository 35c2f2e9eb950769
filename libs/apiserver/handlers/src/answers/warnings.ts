/** compat: how much a client is sent: all while it is short, else so much of each until there is so much together. */
const MOST_CHARACTERS = 4096;
const MOST_OF_ONE = 256;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these may not stand in a header
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** The value of the `Warning` header (RFC 7234) as the bytes of UTF-8; undefined when there is nothing to tell. */
export function warningHeader(warnings: readonly string[]): string | undefined {
  const texts = bounded([...new Set(warnings)].filter((text) => text !== ''));
  const header = texts
    .filter((text) => !control.test(text))
    .map((text) => `299 - "${text.replace(/["\\]/g, '\\$&')}"`)
    .join(', ');
  // A header's text is sent as one byte a character.
  return header === '' ? undefined : Buffer.from(header.toWellFormed(), 'utf8').toString('latin1');
}

function bounded(texts: readonly string[]): readonly string[] {
  let together = 0;
  for (const text of texts) together += text.length;
  if (together <= MOST_CHARACTERS) return texts;
  const out: string[] = [];
  let written = 0;
  for (const text of texts) {
    if (written >= MOST_CHARACTERS) break;
    const start = text.length > MOST_OF_ONE ? startOf(text) : text;
    out.push(start);
    written += start.length;
  }
  return out;
}

/** Whole characters, not halves of them. */
const startOf = (text: string): string =>
  Array.from(text.slice(0, 2 * MOST_OF_ONE))
    .slice(0, MOST_OF_ONE)
    .join('');
