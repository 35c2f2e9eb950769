export interface Expanding {
  /** The value of a name, where it has one. */
  lookup(name: string): string | undefined;
  /** Told how long the text has become, again and again while it grows; throws when that is too long. */
  grown(length: number): void;
}

/**
 * `$(NAME)` where NAME is known, `$$` for a dollar; anything else stays as written. A name ends at the first `)`, so that behind the last one
 * there is none: looked for there, each `$(` would be followed to the text's end.
 */
export function expand(text: string, { lookup, grown }: Expanding): string {
  const end = text.lastIndexOf(')') + 1;
  let growth = 0;
  const head = text
    .slice(0, end)
    // eslint-disable-next-line linear/no-second-look -- it ends with a bracket, so that each beginning has an end
    .replace(/\$(\$|\(([^)]*)\))/g, (whole, first: string, name: string, offset: number) => {
      const value = first === '$' ? '$' : (lookup(name) ?? whole);
      grown(offset + growth + value.length);
      growth += value.length - whole.length;
      return value;
    });
  const expanded = head + text.slice(end).replaceAll('$$', () => '$');
  grown(expanded.length);
  return expanded;
}
