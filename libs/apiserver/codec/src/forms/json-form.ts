import { listKindOf } from '@kubernest/definitions';
import type { ListMeta, Status } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import { mediaTypes } from './accept.ts';
import { bookmarkObject } from './bookmark.ts';
import type { EventType, ServedVersion, ValueForm } from './form.ts';
import { jsonListHead, LIST_TAIL } from './json-list.ts';
import type { Parts } from './parts.ts';
import { PIECE } from './pieces.ts';
import type { SpareBuffers } from './spare-buffers.ts';

const OPEN = 0x7b;
const COMMA = 0x2c;
const eventHeads: Readonly<Record<string, Buffer>> = Object.fromEntries(
  ['ADDED', 'MODIFIED', 'DELETED'].map((type) => [type, Buffer.from(`{"type":"${type}","object":`)]),
);
const [FIRST, NEXT] = [Buffer.from('{'), Buffer.from(',{')];
const EVENT_TAIL = Buffer.from('}\n');

/** The cache's own bytes: a list is a concatenation, a watch event a prefix and a suffix around them. */
export class JsonForm implements ValueForm {
  readonly key: string;
  readonly contentType = mediaTypes.json;
  readonly watchContentType = mediaTypes.json;
  readonly reads = 'bytes';

  constructor(
    private readonly resource: ServedVersion,
    private readonly spares: SpareBuffers,
  ) {
    this.key = `json ${resource.apiVersion}`;
  }

  one(entry: CacheEntry): Buffer {
    return entry.bytes;
  }

  value(entry: CacheEntry): object {
    return entry.object;
  }

  listHead(meta: ListMeta): { readonly head: object; readonly items: string } {
    const { definition, apiVersion } = this.resource;
    // compat: lists of what is declared say that nothing continues them.
    const metadata = definition.customSchema ? { continue: '', ...meta } : meta;
    return { head: { kind: listKindOf(definition), apiVersion, metadata }, items: 'items' };
  }

  /** compat: items leave `kind` and `apiVersion` off, as their list says both; not those of what is declared. */
  item(entry: CacheEntry): object {
    if (this.resource.definition.customSchema) return entry.object;
    const { kind: _kind, apiVersion: _apiVersion, ...item } = entry.object;
    return item;
  }

  list(entries: readonly CacheEntry[], meta: ListMeta): Uint8Array | Parts {
    const { head, items } = this.listHead(meta);
    const begin = jsonListHead(head, items);
    const length = this.#length(begin, entries);
    return length > PIECE
      ? { length, [Symbol.iterator]: () => this.#parts(begin, entries) }
      : this.#whole(begin, entries, length);
  }

  #whole(head: Buffer, entries: readonly CacheEntry[], length: number): Uint8Array {
    const out = this.spares.take(length);
    let at = head.copy(out, 0);
    for (const [i, entry] of entries.entries()) {
      if (i > 0) out[at++] = COMMA;
      out[at++] = OPEN;
      at += entry.bytes.copy(out, at, this.resource.headLength);
    }
    LIST_TAIL.copy(out, at);
    return out;
  }

  *#parts(head: Buffer, entries: readonly CacheEntry[]): Generator<Buffer> {
    yield head;
    for (const [i, entry] of entries.entries()) {
      yield i > 0 ? NEXT : FIRST;
      yield entry.bytes.subarray(this.resource.headLength);
    }
    yield LIST_TAIL;
  }

  #length(head: Buffer, entries: readonly CacheEntry[]): number {
    let total = head.length + LIST_TAIL.length + Math.max(0, entries.length - 1);
    for (const entry of entries) total += entry.bytes.length - this.resource.headLength + 1;
    return total;
  }

  event(type: EventType, entry: CacheEntry): Buffer {
    return eventLine(type, [entry.bytes]);
  }

  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    const { apiVersion, definition } = this.resource;
    const type = { kind: definition.kind, apiVersion };
    return jsonLine('BOOKMARK', bookmarkObject(type, resourceVersion, initialEventsEnd));
  }

  failure(status: Status): Buffer {
    return jsonLine('ERROR', status);
  }
}

/** Around an object's bytes. */
export const eventLine = (type: EventType, object: readonly Buffer[]): Buffer =>
  Buffer.concat([eventHeads[type]!, ...object, EVENT_TAIL]);

export const jsonLine = (type: string, object: unknown): Buffer => Buffer.from(`${JSON.stringify({ type, object })}\n`);
