import { goShown } from './go-print.ts';
import { goQuoted } from './go-words.ts';
import { isScalar, setKey } from './value.ts';

/** A value may be as large as a request; of a larger one than this only the beginning is told, in messages, causes and logs. */
const MOST_LETTERS = 8192;

/** How a fault tells the value that is at fault. */
export function toldValue(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint') return goShown(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quotedBeginning(value);
  const json = JSON.stringify(beginning(value)).replace(/[<>&\u2028\u2029]/g, escaped);
  return json.length > MOST_LETTERS ? `${json.slice(0, MOST_LETTERS)}…` : json;
}

/** compat: Go's JSON may stand in a page. */
const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** As much of a text as is ever told. */
export const beginningOf = (text: string): string =>
  text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;

const quotedBeginning = (text: string): string =>
  text.length > MOST_LETTERS ? `${goQuoted(text.slice(0, MOST_LETTERS))}…` : goQuoted(text);

/** Without the members behind so many: the letters of those before are too many already. */
function beginning(value: unknown, left = { members: MOST_LETTERS }): unknown {
  if (isScalar(value)) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      if (left.members-- <= 0) break;
      items.push(beginning(item, left));
    }
    return items;
  }
  const members: Record<string, unknown> = {};
  for (const key in value as object) {
    if (left.members-- <= 0) break;
    setKey(members, key, beginning((value as Record<string, unknown>)[key], left));
  }
  return members;
}
