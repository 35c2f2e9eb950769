/** So many letters of a list are told. */
const MOST_LETTERS = 4096;

/** A list as far as anybody reads, and how many more there are. */
export function toldList(values: readonly string[], separator = ', '): string {
  let text = '';
  for (const [i, value] of values.entries()) {
    const next = i === 0 ? value : `${separator}${value}`;
    if (text.length + next.length > MOST_LETTERS) {
      const rest = values.length - i;
      return i === 0 ? `${value.slice(0, MOST_LETTERS)}…` : `${text}${separator}and ${rest} more`;
    }
    text += next;
  }
  return text;
}
