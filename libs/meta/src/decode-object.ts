import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Tags } from 'yaml';
import type { Json } from './object.ts';
import { badRequest } from './status-error.ts';
import { JsonSyntaxError, parseStrictJson } from './strict-json.ts';

export type BodyFormat = 'json' | 'yaml';

export interface DecodedBody {
  /**
   * Plain data. An integer that a JavaScript number cannot hold exactly is a `bigint` here; `decodeBySchema` turns it into what its field
   * can hold or refuses it, so that none is ever silently rounded.
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
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const maybeHugeInteger = /\d{16}/;

/** A request's body as plain data. Throws 400 with Go's wording when it is malformed. */
export function decodeObject(body: string | Uint8Array, format: BodyFormat, options: DecodeOptions = {}): DecodedBody {
  const text = typeof body === 'string' ? body : decodeUtf8(body, options);
  try {
    return format === 'yaml' ? decodeYaml(text) : decodeJson(text, options.findDuplicates === true);
  } catch (error) {
    if (error instanceof MalformedBody) throw unrecognized(error, text, options);
    throw error;
  }
}

function decodeUtf8(bytes: Uint8Array, options: DecodeOptions): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    const error = new MalformedBody('invalid UTF-8', { cause });
    throw unrecognized(error, Buffer.from(bytes).toString('latin1'), options);
  }
}

class MalformedBody extends Error {}
class MalformedYaml extends MalformedBody {}

function unrecognized(error: MalformedBody, text: string, options: DecodeOptions): Error {
  const { expectedKind, faultPrefix } = options;
  if (faultPrefix !== undefined) return badRequest(`${faultPrefix}${error.message}`);
  const why =
    error instanceof MalformedYaml ? error.message : `couldn't get version/kind; json parse error: ${error.message}`;
  return badRequest(
    expectedKind === undefined
      ? why
      : `the object provided is unrecognized (must be of type ${expectedKind}): ${why} (${excerpt(text)})`,
  );
}

/** compat: what of the body the error shows: its start, in hexadecimal unless it looks like JSON. */
function excerpt(text: string): string {
  if (text === '') return '<empty>';
  const start = text.slice(0, 30);
  const shown = text.startsWith('{') ? start : Buffer.from(start).toString('hex');
  return text.length > 30 ? `${shown} ...` : shown;
}

function decodeJson(text: string, findDuplicates: boolean): DecodedBody {
  let value: Json;
  try {
    value = maybeHugeInteger.test(text) ? parseWithHugeIntegers(text) : (JSON.parse(text) as Json);
  } catch (error) {
    throw new MalformedBody((strictErrorOf(text) ?? (error as Error)).message);
  }
  if (!findDuplicates || countKeys(value) === countMembers(text)) return { value, duplicates: [] };
  return { value, duplicates: parseStrictJson(text).duplicates.map((path) => `duplicate field "${path}"`) };
}

/** Members of the objects in a JSON text, or more where a string looks like one: never less, so that no duplicate is missed. */
function countMembers(text: string): number {
  const ends = /"[ \t\r\n]*:/g;
  let count = 0;
  while (ends.test(text)) count++;
  return count;
}

function countKeys(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const child of Object.values(value)) count += countKeys(child);
  return count;
}

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

function parseWithHugeIntegers(text: string): Json {
  const reviver: Reviver = (_key, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as Json;
}

function strictErrorOf(text: string): JsonSyntaxError | undefined {
  try {
    parseStrictJson(text);
    return undefined;
  } catch (error) {
    return error instanceof JsonSyntaxError ? error : undefined;
  }
}

/** compat: `2026-11-24` and `12:30` are texts, as in Kubernetes' YAML. */
const withoutDatesAndTimes = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.format !== 'TIME'));

function decodeYaml(text: string): DecodedBody {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    intAsBigInt: true,
    uniqueKeys: false,
    lineCounter: lines,
    version: '1.1',
    customTags: withoutDatesAndTimes,
    merge: true,
  });
  const error = document.errors[0];
  if (error) {
    throw new MalformedYaml(`error converting YAML to JSON: yaml: ${error.message.split('\n')[0]}`);
  }
  const duplicates: string[] = [];
  findYamlDuplicates(document.contents, lines, duplicates);
  return { value: narrowIntegers(document.toJS({ maxAliasCount: 100 }) as unknown), duplicates };
}

function findYamlDuplicates(node: unknown, lines: LineCounter, found: string[]): void {
  if (isSeq(node)) for (const item of node.items) findYamlDuplicates(item, lines, found);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    if (isScalar(key)) {
      const name = String(key.value);
      if (seen.has(name))
        found.push(`line ${lines.linePos(key.range?.[0] ?? 0).line}: key "${name}" already set in map`);
      seen.add(name);
    }
    findYamlDuplicates(value, lines, found);
  }
}

/** YAML integers arrive as bigint so that none is rounded; those that a number holds exactly become numbers. */
function narrowIntegers(value: unknown): Json {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : (value as unknown as Json);
  }
  if (Array.isArray(value)) return value.map(narrowIntegers);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, narrowIntegers(item)]));
  }
  return (value ?? null) as Json;
}
