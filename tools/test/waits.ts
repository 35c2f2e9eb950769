/** How specs wait for nothing in particular: by the machine's own time, or by so many turns of its event loop. */
const ways: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  // As a word of the program, whatever it is called there: not in a text.
  { what: 'setTimeout', pattern: /(?<!['"`\w])setTimeout(?!['"`\w])/g },
  { what: 'systemClock.sleep', pattern: /\bsystemClock\s*\.\s*sleep\(/g },
  {
    what: 'counted turns',
    pattern:
      /for \([^;)]*;[^;]*;[^)]*\)\s*(?:\{\s*)?await (new Promise\([^;]*setImmediate|setImmediate\(|Promise\.resolve\()/g,
  },
];

/** Each with its line. A spec hangs on an event, or on a clock of its own. */
export function blindWaits(source: string): readonly string[] {
  return ways.flatMap(({ what, pattern }) =>
    [...source.matchAll(pattern)].map(({ index }) => `line ${source.slice(0, index).split('\n').length}: ${what}`),
  );
}
