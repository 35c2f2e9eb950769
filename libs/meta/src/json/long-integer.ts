/** compat: of so many bits are Go's integers. */
export const isInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/** An integer as it was sent: the number that is written with the same digits, where there is one, so that no value has two forms. */
export function sentInteger(value: bigint): number | bigint {
  const number = Number(value);
  return isInt64(value) && String(number) === String(value) ? number : value;
}

/** What is kept of it. compat: a longer one is a fraction. */
export const keptInteger = (value: bigint): number | bigint => (isInt64(value) ? sentInteger(value) : Number(value));
