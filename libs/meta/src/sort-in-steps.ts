import { Rests, type Steps } from './steps.ts';

const RUN = 256;

/** What `read` makes of the items, in the order of `compare` (equals as they came), in short steps. */
export function* sortInSteps<T, R>(
  items: readonly T[],
  read: (item: T) => R,
  compare: (a: R, b: R) => number,
): Steps<R[]> {
  let runs: R[][] = [];
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(
      items
        .slice(at, at + RUN)
        .map(read)
        .sort(compare),
    );
    yield;
  }
  while (runs.length > 1) {
    const merged: R[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      merged.push(i + 1 < runs.length ? yield* merge(runs[i]!, runs[i + 1]!, compare) : runs[i]!);
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<R>(a: readonly R[], b: readonly R[], compare: (a: R, b: R) => number): Steps<R[]> {
  const out: R[] = [];
  const rests = new Rests();
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (rests.isDue()) yield;
    const first = j === b.length || (i < a.length && compare(a[i]!, b[j]!) <= 0);
    out.push(first ? a[i++]! : b[j++]!);
  }
  return out;
}
