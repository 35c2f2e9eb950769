const SUFFIX: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity's value in its base unit (cores, bytes). The API server has checked its form; what it cannot read throws. */
export function quantityValue(quantity: string | number): number {
  if (typeof quantity === 'number') return quantity;
  const match = /^([+-]?\d*\.?\d*)(?:[eE]([+-]?\d+)|([numkMGTPE]?|[KMGTPE]i))$/.exec(quantity.trim());
  const digits = match?.[1];
  if (!match || !digits || digits === '.') throw new Error(`quantity "${quantity}" cannot be read`);
  const factor = match[2] !== undefined ? 10 ** Number(match[2]) : SUFFIX[match[3] ?? ''];
  return Number(digits) * (factor ?? 1);
}

/** Thousandths of a core, rounded up. */
export const milliValue = (quantity: string | number): number =>
  Math.ceil(Number((quantityValue(quantity) * 1000).toFixed(6)));
