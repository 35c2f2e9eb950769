import type { Compared } from './row.ts';

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Interleaved {
  readonly figure: number;
  readonly ceiling: number;
  readonly ratio: number;
}

/**
 * Runs the ceiling and the figure in turn. The ratio is the median of the rounds' ratios, not the ratio of the medians:
 * what slows the machine for a while slows both halves of a round.
 */
export async function interleave(
  rounds: number,
  ceiling: (round: number) => Promise<number>,
  figure: (round: number) => Promise<number>,
): Promise<Interleaved> {
  const pairs: { ceiling: number; figure: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push({ ceiling: await ceiling(round), figure: await figure(round) });
  }
  return {
    figure: median(pairs.map((pair) => pair.figure)),
    ceiling: median(pairs.map((pair) => pair.ceiling)),
    ratio: median(pairs.map((pair) => pair.figure / pair.ceiling)),
  };
}

export const compared = (of: string, result: Interleaved): Compared => ({
  of,
  figure: result.ceiling,
  ratio: result.ratio,
});
