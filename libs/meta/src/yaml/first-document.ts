const marker = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/;
const lineEnd = /\r\n?|\n/g;

/**
 * The text of a stream's first document with the directives before it: what comes after is nobody's to read. compat: Go's library stops
 * there, so that a `---` at the end, or anything behind a second one, is no fault.
 */
export function firstDocument(text: string): string {
  if (!text.includes('---') && !text.includes('...')) return text;
  let begun = false;
  let at = 0;
  lineEnd.lastIndex = 0;
  while (at < text.length) {
    const end = lineEnd.exec(text);
    const next = end ? end.index + end[0].length : text.length;
    if (isMarker(text, at)) {
      if (begun) return text.slice(0, at);
      begun = true;
    } else if (!begun && hasContent(text, at, end ? end.index : text.length)) begun = true;
    at = next;
  }
  return text;
}

function isMarker(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  return (first === 0x2d || first === 0x2e) && marker.test(text.slice(at, at + 4));
}

/** Anything but blanks, a comment or a directive. */
function hasContent(text: string, from: number, end: number): boolean {
  for (let i = from; i < end; i++) {
    const char = text.charCodeAt(i);
    if (char === 0x20 || char === 0x09 || char === 0xfeff) continue;
    return char !== 0x23 && !(char === 0x25 && i === from);
  }
  return false;
}
