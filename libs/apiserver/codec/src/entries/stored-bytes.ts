import { type JsonObject, jsonBytesInSteps, type KubeObject, Rests, type Steps, setKey } from '@kubernest/meta';
import { keepWritten } from './written-objects.ts';

/**
 * Stored objects are JSON that begins `{"kind":…,"apiVersion":…,"metadata":{"resourceVersion":""`: the empty version is the gap into
 * which the revision goes once it is known, and what stands before `"metadata"` is left off inside lists.
 */
const GAP = Buffer.from('"metadata":{"resourceVersion":"');

/** The object is given away: a store of this process hands the very bytes to the watch cache, which then need not decode them. */
export function encodeStored(object: KubeObject): Buffer {
  const stored = ordered(object, '');
  const bytes = Buffer.from(JSON.stringify(stored));
  keepWritten(bytes, stored);
  return bytes;
}

/** The same of a large object, in short steps. */
export function* encodeStoredInSteps(object: KubeObject): Steps<Buffer> {
  const stored = yield* orderedInSteps(object, '');
  const bytes = yield* jsonBytesInSteps(stored);
  keepWritten(bytes, stored);
  return bytes;
}

/** The object's JSON in the server's order with `resourceVersion` as given. */
export const stringifyOrdered = (object: KubeObject, resourceVersion: string): string =>
  JSON.stringify(ordered(object, resourceVersion));

/** The same of a large object, in short steps. */
export function* orderedBytesInSteps(object: KubeObject, resourceVersion: string): Steps<Buffer> {
  return yield* jsonBytesInSteps(yield* orderedInSteps(object, resourceVersion));
}

function ordered(object: KubeObject, resourceVersion: string): KubeObject {
  const out = headOf(object, resourceVersion);
  const fields = object as unknown as JsonObject;
  for (const key of Object.keys(fields))
    if (!Object.hasOwn(out, key)) setKey(out as unknown as JsonObject, key, fields[key]!);
  return out;
}

/** The same of an object that may have very many fields. */
function* orderedInSteps(object: KubeObject, resourceVersion: string): Steps<KubeObject> {
  const out = headOf(object, resourceVersion);
  const fields = object as unknown as JsonObject;
  const rests = new Rests();
  for (const key of Object.keys(fields)) {
    if (rests.isDue()) yield;
    if (!Object.hasOwn(out, key)) setKey(out as unknown as JsonObject, key, fields[key]!);
  }
  return out;
}

/** What an object begins with. Not spread, which takes four times as long. */
function headOf({ kind, apiVersion, metadata }: KubeObject, resourceVersion: string): KubeObject {
  const meta: JsonObject = { resourceVersion };
  const fields = metadata as unknown as JsonObject;
  for (const key of Object.keys(fields)) if (key !== 'resourceVersion') setKey(meta, key, fields[key]!);
  return { kind, apiVersion, metadata: meta } as unknown as KubeObject;
}

/** The stored bytes with the version in the gap. */
export function spliceVersion(stored: Uint8Array, version: string): Buffer {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const at = bytes.indexOf(GAP);
  if (at < 0) throw new Error('stored object has no place for its resource version: was it written by something else?');
  const gap = at + GAP.length;
  return around(version, bytes.subarray(0, gap), bytes.subarray(gap));
}

/** Not from Node's pool: one object that stays would keep a whole slab of it, the rest of which are answers long since sent. */
function around(version: string, head: Buffer, tail: Buffer): Buffer {
  const out = Buffer.allocUnsafeSlow(head.length + version.length + tail.length);
  head.copy(out);
  out.write(version, head.length, 'latin1');
  tail.copy(out, head.length + version.length);
  return out;
}

/** The same object under another version: what a DELETED event shows. */
export function replaceVersion(spliced: Buffer, version: string): Buffer {
  const gap = spliced.indexOf(GAP) + GAP.length;
  const end = spliced.indexOf(0x22, gap);
  return around(version, spliced.subarray(0, gap), spliced.subarray(end));
}

/** Not from Node's pool, as above. */
export function jsonBytes(object: KubeObject, resourceVersion: string): Buffer {
  const text = stringifyOrdered(object, resourceVersion);
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** What stands before the gap, to the `apiVersion` in it: as many as there are versions of kinds. */
const apiVersions = new Map<string, string>();

/** In which version the object is. */
export function apiVersionIn(stored: Buffer): string {
  const head = stored.toString('utf8', 0, stored.indexOf(GAP));
  return apiVersions.getOrInsertComputed(head, apiVersionOfHead);
}

/** `{"kind":…,"apiVersion":…,` */
const apiVersionOfHead = (head: string): string =>
  (JSON.parse(`${head.slice(0, -1)}}`) as { apiVersion?: string }).apiVersion ?? '';

const [QUOTE, BACKSLASH, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];
const METADATA = Buffer.from('"metadata":{');

/** The bytes of the metadata alone, which stand before everything but the type. */
export function metadataIn(stored: Buffer): Buffer {
  const begin = stored.indexOf(METADATA) + METADATA.length - 1;
  let depth = 0;
  for (let at = begin; at < stored.length; at++) {
    const byte = stored[at]!;
    if (byte === QUOTE) at = endOfString(stored, at);
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return stored.subarray(begin, at + 1);
  }
  throw new Error('stored object has no metadata: was it written by something else?');
}

function endOfString(json: Buffer, begin: number): number {
  let at = begin + 1;
  while (json[at] !== QUOTE) {
    if (at >= json.length) throw new Error('stored object ends within a string');
    at += json[at] === BACKSLASH ? 2 : 1;
  }
  return at;
}

/** The version that stands in the gap. */
export function versionIn(spliced: Buffer): string {
  const gap = spliced.indexOf(GAP) + GAP.length;
  return spliced.toString('latin1', gap, spliced.indexOf(0x22, gap));
}
