/**
 * A regular expression that is to match at a text's end, such as `/x+$/`, looks anew from each `x` in it: quadratic in a text from outside.
 * These look once, from the end.
 */

/** The text without those of `letters` that it ends with. */
export function withoutEnd(text: string, letters: string): string {
  let end = text.length;
  while (end > 0 && letters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** What stands before the first `mark`; the whole text where there is none. */
export function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}
