/** More differences than a change of a kubeconfig makes, and than whoever writes it by hand leads to. */
const mostDifferences = 2000;

/**
 * For each line of `from` its place in `to`, -1 where it has none: the longest common subsequence, found by Myers' greedy algorithm ("An O(ND)
 * Difference Algorithm and Its Variations", 1986), which is fast where little differs. Undefined where too much does.
 */
export function matchedLines(from: readonly string[], to: readonly string[]): readonly number[] | undefined {
  const reached: Map<number, number>[] = [];
  let furthest = new Map([[1, 0]]);
  for (let edits = 0; edits <= mostDifferences; edits++) {
    reached.push(furthest);
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepInto(furthest, diagonal, edits);
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= from.length && x - diagonal >= to.length) return pathBack(from, to, reached);
    }
    furthest = next;
  }
  return undefined;
}

/** Where a diagonal is entered: by a line that is new, or one that is gone. */
function stepInto(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  return isByNewLine(furthest, diagonal, edits) ? at(furthest, diagonal + 1) : at(furthest, diagonal - 1) + 1;
}

const isByNewLine = (furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean =>
  diagonal === -edits || (diagonal !== edits && at(furthest, diagonal - 1) < at(furthest, diagonal + 1));

const at = (furthest: ReadonlyMap<number, number>, diagonal: number): number => furthest.get(diagonal) ?? -1;

function pathBack(
  from: readonly string[],
  to: readonly string[],
  reached: readonly ReadonlyMap<number, number>[],
): readonly number[] {
  const places = from.map(() => -1);
  let [x, y] = [from.length, to.length];
  for (let edits = reached.length - 1; edits >= 0; edits--) {
    const entered = stepInto(reached[edits]!, x - y, edits);
    const entry = entered - (x - y);
    while (x > entered && y > entry) places[--x] = --y;
    if (isByNewLine(reached[edits]!, x - y, edits)) y--;
    else x--;
  }
  return places;
}
