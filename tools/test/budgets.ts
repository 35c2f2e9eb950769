/** What took longer than its budget, one line each. A quicker machine than the reference gets no less. */
export function budgetFaults(
  taken: readonly { readonly what: string; readonly seconds: number; readonly budget: number }[],
  slowness: number,
): readonly string[] {
  const scale = Math.max(1, slowness);
  return taken
    .filter(({ seconds, budget }) => seconds > budget * scale)
    .map(
      ({ what, seconds, budget }) =>
        `${what} took ${seconds.toFixed(0)} s, and its budget is ${budget} s (${(budget * scale).toFixed(0)} s here: this machine was ${scale.toFixed(1)} times as slow as the reference). Make it quicker, or give it more in e2e/files.ts and say why`,
    );
}
