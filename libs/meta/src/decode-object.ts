import { cannotUnmarshal } from './decode-words.ts';
import { goQuoted } from './go-words.ts';
import { holdsLongNumber } from './json/exact-json.ts';
import { JsonReader, MOST_JSON_LEVELS } from './json/json-reader.ts';
import { JsonSyntaxError } from './json/json-words.ts';
import { sentInteger } from './json/long-integer.ts';
import type { Json } from './object.ts';
import { badRequest } from './status-error.ts';
import { decodeYaml, type YamlValue } from './yaml/decode-yaml.ts';
import { YamlError } from './yaml/yaml-scalar.ts';

export type BodyFormat = 'json' | 'yaml';

export interface DecodedBody {
  /**
   * Plain data. An integer that a JavaScript number cannot hold exactly is a `bigint` here, however long it is; `decodeBySchema` and
   * `keepExactNumbers` turn it into what is kept of it, or refuse it, so that none is ever silently rounded.
   */
  readonly value: Json;
  /** `duplicate field "spec.replicas"`: filled only when asked for. */
  readonly duplicates: readonly string[];
}

export interface DecodeOptions {
  /** Look for fields given twice; costs a second, slower pass. For `fieldValidation=Strict` and `Warn`. */
  readonly findDuplicates?: boolean;
  /** The Kind that the request is about, for the error of a body that cannot be read at all. */
  readonly expectedKind?: string;
  /** For what is no object but a patch: what is said before the fault, and nothing else. */
  readonly faultPrefix?: string;
  /** What is said before YAML's own fault. */
  readonly yamlPrefix?: string;
  /** A JSON text with more levels is refused. What is not pruned by a schema must not have many. */
  readonly mostLevels?: number;
  /** A number that is none here is refused, and told as one of that place: `Go value`. */
  readonly numbersIn?: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const maybeInfinite = /[eE]\+?0*[1-9]\d\d|\d{300}/;

/** A request's body as plain data. Throws 400 with Go's wording when it is malformed. */
export function decodeObject(body: string | Uint8Array, format: BodyFormat, options: DecodeOptions = {}): DecodedBody {
  const text = typeof body === 'string' ? body : decodeUtf8(body, options);
  try {
    return format === 'yaml' ? fromYaml(text, options) : fromJson(text, options);
  } catch (error) {
    throw refused(error, text, options);
  }
}

function decodeUtf8(bytes: Uint8Array, options: DecodeOptions): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw unrecognized('invalid UTF-8', Buffer.from(bytes).toString('latin1'), options);
  }
}

function refused(error: unknown, text: string, options: DecodeOptions): unknown {
  if (error instanceof JsonSyntaxError) {
    const { faultPrefix } = options;
    const why = faultPrefix === undefined ? "couldn't get version/kind; json parse error: " : '';
    return unrecognized(`${why}${error.message}`, text, options);
  }
  return error instanceof YamlError
    ? unrecognized(`${options.yamlPrefix ?? ''}yaml: ${error.message}`, text, options)
    : error;
}

function unrecognized(why: string, text: string, { expectedKind, faultPrefix }: DecodeOptions): Error {
  if (faultPrefix !== undefined) return badRequest(`${faultPrefix}${why}`);
  return badRequest(expectedKind === undefined ? why : unrecognizedBody(expectedKind, why, text));
}

/** What is said of a body that cannot be told for what it is. */
export const unrecognizedBody = (expectedKind: string, why: string, text: string): string =>
  `the object provided is unrecognized (must be of type ${expectedKind}): ${why} (${excerpt(text)})`;

/** compat: what of the body the error shows: its start, in hexadecimal unless it looks like JSON. */
function excerpt(text: string): string {
  if (text === '') return '<empty>';
  const start = text.slice(0, 30);
  const shown = text.startsWith('{') ? start : Buffer.from(start).toString('hex');
  return text.length > 30 ? `${shown} ...` : shown;
}

function fromJson(text: string, options: DecodeOptions): DecodedBody {
  const { findDuplicates, mostLevels = MOST_JSON_LEVELS, numbersIn } = options;
  const value = readJson(text, mostLevels);
  if (numbersIn !== undefined && maybeInfinite.test(text)) refuseInfinite(text, numbersIn);
  if (!findDuplicates || countKeys(value) === countMembers(text)) return { value, duplicates: [] };
  const reader = new JsonReader(text);
  reader.read();
  return { value, duplicates: duplicatesOf(reader) };
}

function refuseInfinite(text: string, place: string): void {
  const reader = new JsonReader(text);
  reader.read();
  if (reader.infinite !== undefined)
    throw new JsonSyntaxError(cannotUnmarshal(`number ${reader.infinite}`, place, 'float64'));
}

const duplicatesOf = (reader: JsonReader): string[] =>
  [...reader.duplicates.keys()].map((path) => `duplicate field ${goQuoted(path)}`);

/** What JSON.parse refuses is read again by the parser that says why in Go's words. */
function readJson(text: string, mostLevels: number): Json {
  if (holdsLongNumber(text)) return new JsonReader(text, { longInteger: sentInteger, mostLevels }).read();
  if (isTooDeep(text, mostLevels)) throw new JsonSyntaxError('exceeded max depth');
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    new JsonReader(text, { mostLevels }).read();
    throw error;
  }
}

/** Brackets within strings count for nothing. */
function isTooDeep(text: string, mostLevels: number): boolean {
  if (text.length <= mostLevels) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) {
      if (++depth > mostLevels) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
    else if (code === 0x22) i = endOfString(text, i);
  }
  return false;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) return i;
    if (code === 0x5c) i++;
  }
  return text.length;
}

/** Members of the objects in a JSON text, or more where a string looks like one: never less, so that no duplicate is missed. */
function countMembers(text: string): number {
  const ends = /"[ \t\r\n]*:/g;
  let count = 0;
  while (ends.test(text)) count++;
  return count;
}

/** With a stack of its own: a body may be as deep as the parser allows. */
function countKeys(root: Json): number {
  let count = 0;
  const stack: Json[] = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object' && item !== null) stack.push(item);
      continue;
    }
    for (const key of Object.keys(value)) {
      count++;
      const item = value[key]!;
      if (typeof item === 'object' && item !== null) stack.push(item);
    }
  }
  return count;
}

function fromYaml(text: string, options: DecodeOptions): YamlValue {
  const { value, duplicates } = decodeYaml(text);
  return { value, duplicates: options.findDuplicates === false ? [] : duplicates };
}
