import { parseJson } from './json/exact-json.ts';
import type { Json } from './object.ts';
import { Recent } from './recent.ts';
import { MOST_PATH_LETTERS } from './schema-place.ts';
import { sortInSteps } from './sort-in-steps.ts';
import type { Steps } from './steps.ts';
import { cutAt } from './told-faults.ts';
import { isObject } from './value.ts';

/**
 * One step of a path as managed fields write it: `f:spec`, `k:{"name":"web"}` (keys in order), `v:"x"`, `i:0`. In memory the JSON in it is
 * what `JSON.stringify` makes; Go escapes a few characters more on the wire.
 */
export type PathElement = string;

const rank: Readonly<Record<string, number>> = { f: 0, k: 1, v: 2, i: 3 };
const isKnown = (element: string): boolean => rank[element[0]!] !== undefined;

export function keyElement(keys: readonly (readonly [string, Json])[]): PathElement {
  let text = '';
  for (const [key, value] of keys) text += `${text && ','}${JSON.stringify(key)}:${JSON.stringify(value)}`;
  return `k:{${text}}`;
}

export const valueElement = (value: Json): PathElement => `v:${JSON.stringify(value)}`;

const escapedByGo = /[<>&\u2028\u2029]/g;

/** The element as Go writes it: in the JSON of keys and values it escapes what HTML or JavaScript could take amiss. */
export function toWireElement(element: PathElement): string {
  if (element[0] === 'f' || element[0] === 'i') return element;
  return element.replace(escapedByGo, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const recentlyRead = new Recent<PathElement | 'malformed'>();
const recentlyParsed = new Recent<Parsed>();

/** compat: an element of a sort that is not known yet is passed over (`unknown`), one that is no element at all spoils its set (`malformed`). */
export function fromWireElement(text: string): PathElement | 'unknown' | 'malformed' {
  if (text.length < 2 || text[1] !== ':') return 'malformed';
  if (!isKnown(text)) return 'unknown';
  if (text.startsWith('f:')) return text;
  if (text.startsWith('i:')) return /^[+-]?\d+$/.test(text.slice(2)) ? text : 'malformed';
  return recentlyRead.of(text, readElement);
}

function readElement(text: string): PathElement | 'malformed' {
  try {
    const value = parseJson(text.slice(2));
    if (text.startsWith('v:')) return valueElement(value);
    return isObject(value) ? keyElement(sortedKeys(value)) : 'malformed';
  } catch {
    return 'malformed';
  }
}

const sortedKeys = (value: { readonly [key: string]: Json }): [string, Json][] =>
  Object.entries(value).sort(([a], [b]) => compareText(a, b));

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Parsed {
  readonly element: PathElement;
  readonly rank: number;
  readonly value: Json;
}

const parse = (element: PathElement): Parsed => ({
  element,
  rank: rank[element[0]!] ?? rank['i']! + 1,
  value: element.startsWith('f:') ? element.slice(2) : valueIn(element),
});

/** Nearly all are texts in which nothing is escaped. */
const valueIn = (element: PathElement): Json =>
  element[2] === '"' && !element.includes('\\') ? element.slice(3, -1) : parseJson(element.slice(2));

/** Elements in the wire's order: fields, keys, values, indices; numbers count as numbers. */
export function sortElements(elements: Iterable<PathElement>): PathElement[] {
  const all = [...elements];
  if (all.length < 2) return all;
  // Fields are compared as they stand, and most are in order already: half the price.
  if (all.every((element) => element[0] === 'f')) return all.sort();
  return all
    .map((element) => recentlyParsed.of(element, parse))
    .sort(compareParsed)
    .map(({ element }) => element);
}

/** So many that sorting them at once would hold up others. */
export const areMany = (count: number): boolean => count >= 1024;

/** The same; of very many in short steps. */
export function* sortElementsInSteps(elements: Iterable<PathElement>): Steps<PathElement[]> {
  const all = [...elements];
  if (!areMany(all.length)) return sortElements(all);
  const sorted = yield* sortInSteps(all, parse, compareParsed);
  return sorted.map(({ element }) => element);
}

const compareParsed = (a: Parsed, b: Parsed): number => a.rank - b.rank || compareValues(a.value, b.value);

const typeRank: Readonly<Record<string, number>> = { number: 0, bigint: 0, string: 1, boolean: 2, object: 3 };

/** compat: numbers before texts before booleans before anything else. */
function compareValues(a: Json, b: Json): number {
  const byType = typeRank[typeof a]! - typeRank[typeof b]!;
  if (byType !== 0) return byType;
  if (typeof a === 'number' || typeof a === 'bigint') return compareNumbers(a, b as number);
  if (typeof a === 'string') return compareText(a, b as string);
  if (isObject(a) && isObject(b)) return compareEntries(Object.entries(a), Object.entries(b));
  return compareText(JSON.stringify(a), JSON.stringify(b));
}

const compareNumbers = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0);

function compareEntries(a: readonly [string, Json][], b: readonly [string, Json][]): number {
  for (const [i, [key, value]] of a.entries()) {
    const other = b[i];
    if (!other) return 1;
    const order = compareText(key, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** `.spec.containers[name="web"].image`, as people are told it; of a very long one the beginning. */
export function pathText(path: readonly PathElement[]): string {
  let text = '';
  for (const element of path) {
    if (text.length > MOST_PATH_LETTERS) break;
    text += elementText(element);
  }
  return cutAt(text, MOST_PATH_LETTERS);
}

/** `[name="web"]` */
export const elementText = (element: PathElement): string => cutAt(wholeText(element), MOST_PATH_LETTERS);

function wholeText(element: PathElement): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  if (element.startsWith('i:')) return `[${text}]`;
  const keys = Object.entries(parseJson(text) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
