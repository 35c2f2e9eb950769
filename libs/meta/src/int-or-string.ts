/** A whole number, or a text: a port's name, a percentage. */
export type IntOrString = number | string;

/** `25%` of `total`, or the number itself. Throws on a text that is no percentage. */
export function scaledValue(value: IntOrString, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent === undefined)
    throw new Error(`invalid value ${JSON.stringify(value)}: must be a whole number or a percentage (e.g. '25%')`);
  const exact = (percent * total) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

/** The number before `%`, or undefined. */
export function percentOf(value: IntOrString): number | undefined {
  return typeof value === 'string' && /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : undefined;
}
