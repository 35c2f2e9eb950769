/** Compares as the stores do: by UTF-8 bytes, which is code point order and differs from JavaScript's `<` above U+FFFF. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

// Surrogates stand for code points above every other code unit, so they must sort last.
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The first key after every key that starts with `prefix`; undefined when there is no end. */
export function prefixEnd(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0)!;
    if (point < 0x10ffff) return points.join('') + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
}

/** The first key a page may hold: all keys with `prefix`, but only those above `after`. */
export function pageStart(prefix: string, after: string | undefined): string {
  return after !== undefined && compareKeys(after, prefix) >= 0 ? `${after}\0` : prefix;
}
