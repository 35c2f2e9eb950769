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

/** So many entries of a list are told one by one. */
const MOST_ENTRIES = 100;

/** The first entries, each as it is told, and then how many more there are. */
export function firstTold(values: readonly string[], told = (value: string): string => value): readonly string[] {
  const first = values.slice(0, MOST_ENTRIES).map((value) => told(value));
  const rest = values.length - first.length;
  return rest > 0 ? [...first, `and ${rest} more`] : first;
}
