import { JsonReader } from './json/json-reader.ts';
import { WantedPaths } from './json/wanted-paths.ts';
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
  if (faults.length < 2 || text.length > LONGEST_ORDERED) return faults;
  const parts = faults.map((fault) => /^(unknown|duplicate) field "(.*)"$/s.exec(fault) ?? []);
  const wanted = new WantedPaths(parts.flatMap(([, how, path]) => (how === 'unknown' ? [path!] : [])));
  const reader = new JsonReader(text, { wanted });
  reader.read();
  const placed = parts.map(([, how, path = ''], i) => {
    const places = how === 'duplicate' ? reader.duplicates : wanted.places;
    return { fault: faults[i]!, at: places.get(path) ?? 0 };
  });
  return placed.sort((a, b) => a.at - b.at).map(({ fault }) => fault);
}

/** compat: unknown fields of a YAML text are told as they stand in the JSON that is made of it first, where keys are sorted; what else there is stays before them. */
export function inKeyOrder(faults: readonly string[]): readonly string[] {
  const unknown = faults.filter((fault) => fault.startsWith('unknown field '));
  const steps = new Map(unknown.map((fault) => [fault, stepsOf(fault)]));
  unknown.sort((one, other) => compareSteps(steps.get(one)!, steps.get(other)!));
  return [...faults.filter((fault) => !steps.has(fault)), ...unknown];
}

const stepsOf = (fault: string): readonly string[] => fault.slice(fault.indexOf('"') + 1, -1).split(/\.|(?=\[)/);

function compareSteps(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((step, i) => step !== other[i]);
  const [a, b] = [one[at], other[at]];
  if (a === undefined || b === undefined) return one.length - other.length;
  if (a.startsWith('[') && b.startsWith('[')) return Number(a.slice(1, -1)) - Number(b.slice(1, -1));
  return a < b ? -1 : 1;
}
