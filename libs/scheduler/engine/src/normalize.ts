/** compat: scores of different plugins are brought to one scale as Kubernetes does, so that none outweighs the others by its numbers. */
const FULL = 100;

/** The largest becomes 100, nothing stays nothing. */
export function moreIsBetter(scores: Float64Array): void {
  const largest = scores.reduce((most, score) => Math.max(most, score), 0);
  for (let i = 0; i < scores.length; i++) scores[i] = largest === 0 ? 0 : (scores[i]! / largest) * FULL;
}

/** The largest becomes nothing, nothing becomes 100. */
export function fewerIsBetter(scores: Float64Array): void {
  moreIsBetter(scores);
  for (let i = 0; i < scores.length; i++) scores[i] = FULL - scores[i]!;
}

/** From the smallest, which may be below zero, to the largest. */
export function smallestToLargest(scores: Float64Array): void {
  const least = scores.reduce((low, score) => Math.min(low, score), Number.POSITIVE_INFINITY);
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! - least;
  moreIsBetter(scores);
}
