import { badRequest } from './status-error.ts';

/** A query's whole number of 64 bits; undefined when it is not there. Throws 400 in the words of Go's parser, which is all that clients are told. */
export function queryInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const refuse = (why: string) => badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) throw refuse('invalid syntax');
  const number = Number(text);
  if (Math.abs(number) >= 2 ** 63 && BigInt.asIntN(64, BigInt(text)) !== BigInt(text))
    throw refuse('value out of range');
  return number;
}
