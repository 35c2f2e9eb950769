import { isLarge } from '../pace.ts';

/** JSON is read by the JavaScript engine itself, the other forms are not. */
const LARGE_JSON_BYTES = 128 * 1024;
/** So much YAML may stand for a hundred times as much, by aliases. */
const ALIASES_ABOVE_BYTES = 1024;

export const isLargeJson = (bytes: number): boolean => bytes > LARGE_JSON_BYTES;

/** What keeps a thread busy for longer than others should wait. `type`: of media, without parameters. */
export function isLargeBody(bytes: Uint8Array, type: string): boolean {
  if (type === '' || type.endsWith('json')) return isLargeJson(bytes.length);
  return isLarge(bytes.length) || (type.endsWith('yaml') && bytes.length > ALIASES_ABOVE_BYTES && mayAlias(bytes));
}

/** Both stand where a value may begin; what is found may be within a text as well. */
const anchor = /(?:^|[\s,:[{])&[^\s,[\]{}]/;
const alias = /(?:^|[\s,:[{])\*[^\s,[\]{}]/;

function mayAlias(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return alias.test(text) && anchor.test(text);
}
