/** The offset of the first byte at which Go's reader of base64 stops, or -1. */
export function illegalBase64At(text: string): number {
  return isPlain(text) ? -1 : walk(text);
}

/** What nearly all texts are, found fast. */
function isPlain(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return !/[^A-Za-z0-9+/]/.test(padding === 0 ? text : text.slice(0, -padding));
}

function walk(text: string): number {
  let inQuantum = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\n' || char === '\r') continue;
    if (char === '=') return paddingFault(text, at, inQuantum);
    if (!/[A-Za-z0-9+/]/.test(char)) return at;
    inQuantum = (inQuantum + 1) % 4;
  }
  return inQuantum === 0 ? -1 : text.length - inQuantum;
}

/** The first `=` stands at `at`: one follows two letters with another behind it, or three. */
function paddingFault(text: string, at: number, inQuantum: number): number {
  if (inQuantum < 2) return at;
  let next = afterBreaks(text, at + 1);
  if (inQuantum === 2) {
    if (next === text.length) return next;
    if (text[next] !== '=') return next - 1;
    next = afterBreaks(text, next + 1);
  }
  return next === text.length ? -1 : next;
}

function afterBreaks(text: string, start: number): number {
  let at = start;
  while (text[at] === '\n' || text[at] === '\r') at++;
  return at;
}
