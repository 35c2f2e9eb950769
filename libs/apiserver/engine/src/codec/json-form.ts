import type { ListMeta, Status } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { Resource } from '../resources.ts';
import { mediaTypes } from './accept.ts';
import type { EventType, WatchForm } from './form.ts';
import type { SpareBuffers } from './spare-buffers.ts';

const OPEN = 0x7b;
const COMMA = 0x2c;
const eventHeads: Readonly<Record<string, Buffer>> = Object.fromEntries(
  ['ADDED', 'MODIFIED', 'DELETED'].map((type) => [type, Buffer.from(`{"type":"${type}","object":`)]),
);
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
    const { resource } = this;
    const head = Buffer.from(jsonListHead(`${resource.definition.kind}List`, resource.apiVersion, meta));
    const { headLength } = resource;
    let total = head.length + 2;
    for (const entry of entries) total += resource.json(entry).length - headLength + 2;
    const out = this.spares.take(total);
    let at = head.copy(out, 0);
    for (const entry of entries) {
      // compat: items leave `kind` and `apiVersion` off; their list says both.
      out[at++] = OPEN;
      at += resource.json(entry).copy(out, at, headLength);
      out[at++] = COMMA;
    }
    if (entries.length > 0) at--;
    at += out.write(']}', at, 'latin1');
    return out.subarray(0, at);
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
