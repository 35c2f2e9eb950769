import { JsonReader } from './json/json-reader.ts';
import type { Json } from './object.ts';

export { JsonSyntaxError } from './json/json-words.ts';

export interface StrictJson {
  readonly value: Json;
  /** Paths of keys that occur more than once in one object (`spec.containers[0].name`), each once, in the order met. */
  readonly duplicates: readonly string[];
}

/**
 * A slower parser than JSON.parse that sees what that one hides: keys given twice. The last one wins, as with JSON.parse.
 * Throws JsonSyntaxError. Numbers are read like JSON.parse reads them.
 */
export function parseStrictJson(text: string): StrictJson {
  const reader = new JsonReader(text);
  return { value: reader.read(), duplicates: [...reader.duplicates.keys()] };
}

/** Beyond this the order of the text is not worth its price. */
const LONGEST_ORDERED = 256 * 1024;

/** The order in which a reader of the text comes upon such faults: `unknown field "spec.bogus"`, `duplicate field "spec.replicas"`. */
export function inTextOrder(text: string, faults: readonly string[]): readonly string[] {
  if (text.length > LONGEST_ORDERED) return faults;
  const places = new Map<string, number>();
  const reader = new JsonReader(text, { places });
  reader.read();
  const placeOf = (fault: string): number => {
    const [, how, path = ''] = /^(unknown|duplicate) field "(.*)"$/s.exec(fault) ?? [];
    return (how === 'duplicate' ? reader.duplicates : places).get(path) ?? 0;
  };
  return [...faults].sort((a, b) => placeOf(a) - placeOf(b));
}
