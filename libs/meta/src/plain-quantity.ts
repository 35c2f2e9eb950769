const plain = /^(\d{1,12})([numkMGTPE]|[KMGTPE]i)?$/;

const scales: ReadonlyMap<string, { readonly times: number; readonly over: number }> = new Map([
  ['', { times: 1, over: 1 }],
  ...['n', 'u', 'm'].map((suffix, i) => [suffix, { times: 1, over: 1000 ** (3 - i) }] as const),
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((suffix, i) => [suffix, { times: 1000 ** (i + 1), over: 1 }] as const),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, i) => [suffix, { times: 1024 ** (i + 1), over: 1 }] as const),
]);

/**
 * What nearly all quantities are, a few digits and perhaps a suffix, in whole parts of which `parts` are one, rounded up: without big
 * integers, ten times as fast, for a pod may have tens of thousands. Undefined for any other, and for what a number cannot hold.
 */
export function plainQuantity(amount: unknown, parts: 1 | 1000): number | undefined {
  const match = typeof amount === 'string' ? plain.exec(amount) : undefined;
  if (!match) return undefined;
  const { times, over } = scales.get(match[2] ?? '')!;
  const exact = Number(match[1]) * times * parts;
  return exact <= Number.MAX_SAFE_INTEGER ? Math.ceil(exact / over) : undefined;
}
