import { goQuoted } from './go-words.ts';
import { isScalar, setKey } from './value.ts';

/** A value may be as large as a request; of a larger one than this only the beginning is told, in messages, causes and logs. */
const MOST_LETTERS = 8192;

/** How a fault tells the value that is at fault. */
export function toldValue(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quotedBeginning(value);
  const json = JSON.stringify(beginning(value));
  return json.length > MOST_LETTERS ? `${json.slice(0, MOST_LETTERS)}…` : json;
}

const quotedBeginning = (text: string): string =>
  text.length > MOST_LETTERS ? `${goQuoted(text.slice(0, MOST_LETTERS))}…` : goQuoted(text);

/** Without the members behind so many: the letters of those before are too many already. */
function beginning(value: unknown, left = { members: MOST_LETTERS }): unknown {
  if (isScalar(value)) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) if (left.members-- > 0) items.push(beginning(item, left));
    return items;
  }
  const members: Record<string, unknown> = {};
  for (const key in value as object) {
    if (left.members-- <= 0) break;
    setKey(members, key, beginning((value as Record<string, unknown>)[key], left));
  }
  return members;
}
