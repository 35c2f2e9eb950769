import type { ListMeta, Status } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { Pieces } from '../contract/index.ts';
import type { Resource } from '../resources.ts';
import { mediaTypes } from './accept.ts';
import type { EventType, WatchForm } from './form.ts';
import type { SpareBuffers } from './spare-buffers.ts';

const OPEN = 0x7b;
const COMMA = 0x2c;
const eventHeads: Readonly<Record<string, Buffer>> = Object.fromEntries(
  ['ADDED', 'MODIFIED', 'DELETED'].map((type) => [type, Buffer.from(`{"type":"${type}","object":`)]),
);
const [FIRST, NEXT, TAIL] = [Buffer.from('{'), Buffer.from(',{'), Buffer.from(']}')];
/** What of a large list is in memory at a time. */
const PIECE = 256 * 1024;
const EVENT_TAIL = Buffer.from('}\n');

/** The cache's own bytes: a list is a concatenation, a watch event a prefix and a suffix around them. */
export class JsonForm implements WatchForm {
  readonly key: string;
  readonly contentType = mediaTypes.json;
  readonly watchContentType = mediaTypes.json;

  constructor(
    private readonly resource: Resource,
    private readonly spares: SpareBuffers,
  ) {
    this.key = `json ${resource.apiVersion}`;
  }

  one(entry: CacheEntry): Buffer {
    return this.resource.json(entry);
  }

  async list(entries: readonly CacheEntry[], meta: ListMeta): Promise<Buffer> {
    const head = this.#head(meta);
    const out = this.spares.take(this.#length(head, entries));
    let at = head.copy(out, 0);
    for (const [i, entry] of entries.entries()) {
      if (i > 0) out[at++] = COMMA;
      // compat: items leave `kind` and `apiVersion` off; their list says both.
      out[at++] = OPEN;
      at += this.resource.json(entry).copy(out, at, this.resource.headLength);
    }
    TAIL.copy(out, at);
    return out;
  }

  pieces(entries: readonly CacheEntry[], meta: ListMeta): Pieces | undefined {
    const head = this.#head(meta);
    const length = this.#length(head, entries);
    if (length <= PIECE) return undefined;
    return { length, [Symbol.iterator]: () => this.#pieces(head, entries) };
  }

  *#pieces(head: Buffer, entries: readonly CacheEntry[]): Generator<Buffer, undefined> {
    // Given back only once all is sent: of an answer that broke off, something may still be on its way.
    const out = this.spares.take(PIECE);
    let at = 0;
    for (const part of this.#parts(head, entries)) {
      if (at > 0 && at + part.length > PIECE) {
        yield out.subarray(0, at);
        at = 0;
      }
      if (part.length > PIECE) yield part;
      else at += part.copy(out, at);
    }
    yield out.subarray(0, at);
    this.spares.give(out);
  }

  *#parts(head: Buffer, entries: readonly CacheEntry[]): Generator<Buffer> {
    yield head;
    for (const [i, entry] of entries.entries()) {
      yield i > 0 ? NEXT : FIRST;
      yield this.resource.json(entry).subarray(this.resource.headLength);
    }
    yield TAIL;
  }

  #head(meta: ListMeta): Buffer {
    return Buffer.from(jsonListHead(`${this.resource.definition.kind}List`, this.resource.apiVersion, meta));
  }

  #length(head: Buffer, entries: readonly CacheEntry[]): number {
    let total = head.length + TAIL.length + Math.max(0, entries.length - 1);
    for (const entry of entries) total += this.resource.json(entry).length - this.resource.headLength + 1;
    return total;
  }

  event(type: EventType, entry: CacheEntry): Buffer {
    return Buffer.concat([eventHeads[type]!, this.resource.json(entry), EVENT_TAIL]);
  }

  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    const { kind } = this.resource.definition;
    const annotations = initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
    const object = { kind, apiVersion: this.resource.apiVersion, metadata: { resourceVersion, ...annotations } };
    return jsonLine('BOOKMARK', object);
  }

  failure(status: Status): Buffer {
    return jsonLine('ERROR', status);
  }
}

export const jsonLine = (type: string, object: unknown): Buffer => Buffer.from(`${JSON.stringify({ type, object })}\n`);

/** `{"kind":…,"metadata":…,"items":[` */
export function jsonListHead(kind: string, apiVersion: string, meta: ListMeta): string {
  const head = JSON.stringify({ kind, apiVersion, metadata: meta });
  return `${head.slice(0, -1)},"items":[`;
}
