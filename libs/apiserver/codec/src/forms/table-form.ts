import type { Column, Looks } from '@kubernest/definitions';
import { ageOf, type KubeObject, type ListMeta, type Status, type Steps } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import { metadataIn, versionIn } from '../entries/stored-bytes.ts';
import { mediaTypes } from './accept.ts';
import { bookmarkObject } from './bookmark.ts';
import { Cells } from './cells.ts';
import type { EventType, ServedVersion, ValueForm } from './form.ts';
import { eventLine, jsonLine } from './json-form.ts';
import { jsonList, jsonListHead, LIST_TAIL } from './json-list.ts';
import { partialHead } from './partial-form.ts';
import { oneAtATime, type Parts } from './parts.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

const NAME: Column = { name: 'Name', type: 'string', format: 'name', cell: (object) => object.metadata.name ?? '' };
const AGE: Column = {
  name: 'Age',
  type: 'string',
  cell: (object, now) => ageOf(object.metadata.creationTimestamp, now),
};

/** What is needed to know of what the rows are of. */
export interface TableRows extends Pick<ServedVersion, 'apiVersion'> {
  readonly definition: { readonly columns?: readonly Column[] | undefined };
}

export interface TableOptions {
  readonly version: string;
  readonly includeObject: IncludeObject;
  readonly now: () => Date;
}

const definitionOf = (column: Column): object => ({
  name: column.name,
  type: column.type,
  format: column.format ?? '',
  description: column.description ?? '',
  priority: column.priority ?? 0,
});

const [OBJECT, END] = [Buffer.from(',"object":'), Buffer.from('}')];
const NO_OBJECT = Buffer.from(',"object":null}');
const PARTIAL_END = Buffer.from('}}');

/** `Table`: what `kubectl get` prints, one row an object. */
export class TableForm implements ValueForm {
  readonly key: string;
  readonly contentType = mediaTypes.json;
  readonly watchContentType = mediaTypes.json;
  readonly reads = 'object';
  readonly #cells: Cells;
  readonly #definitions: readonly object[] | null;
  readonly #partial: Buffer;
  readonly later: TableForm | undefined;

  constructor(
    resource: TableRows,
    private readonly options: TableOptions,
    sent?: Cells,
  ) {
    const { version, includeObject, now } = options;
    this.key = `table ${version} ${includeObject} ${resource.apiVersion}${sent ? ' headless' : ''}`;
    this.#cells = sent ?? new Cells(resource.definition.columns ?? [NAME, AGE], now);
    // compat: of a watch only the first event has the columns.
    this.#definitions = sent ? null : this.#cells.columns.map(definitionOf);
    this.#partial = Buffer.concat([OBJECT, partialHead(`meta.k8s.io/${version}`)]);
    this.later = sent ? undefined : new TableForm(resource, options, this.#cells);
  }

  #included(object: KubeObject): object | undefined {
    switch (this.options.includeObject) {
      case 'None':
        return undefined;
      case 'Object':
        return object;
      default:
        return {
          kind: 'PartialObjectMetadata',
          apiVersion: `meta.k8s.io/${this.options.version}`,
          metadata: object.metadata,
        };
    }
  }

  listHead(metadata: ListMeta): { readonly head: object; readonly items: string } {
    const apiVersion = `meta.k8s.io/${this.options.version}`;
    return { head: { kind: 'Table', apiVersion, metadata, columnDefinitions: this.#definitions }, items: 'rows' };
  }

  item(entry: CacheEntry): object {
    const cells = this.#cells.made(entry);
    const object = this.#included(entry.object);
    return { cells, object: object ?? null };
  }

  get isDear(): boolean {
    return this.#cells.isDear;
  }

  making(entry: CacheEntry, answer?: Looks): Steps<void> {
    return this.#cells.making(entry, answer);
  }

  itemBytes(entry: CacheEntry): Buffer {
    return Buffer.concat(this.#row(entry));
  }

  /** What it shows of the object is cut from the stored bytes. */
  #row(entry: CacheEntry): readonly Buffer[] {
    const cells = Buffer.from(`{"cells":${JSON.stringify(this.#cells.made(entry))}`);
    switch (this.options.includeObject) {
      case 'None':
        return [cells, NO_OBJECT];
      case 'Object':
        return [cells, OBJECT, entry.bytes, END];
      default:
        return [cells, this.#partial, metadataIn(entry.bytes), PARTIAL_END];
    }
  }

  #table(metadata: ListMeta, rows: readonly object[]): object {
    return { ...this.listHead(metadata).head, rows };
  }

  value(entry: CacheEntry): object {
    const { resourceVersion } = entry.object.metadata;
    return this.#table({ resourceVersion }, [this.item(entry)]);
  }

  one(entry: CacheEntry): Uint8Array | Parts {
    return oneAtATime(this, entry, () => Buffer.concat(this.#tableOf(entry)));
  }

  #tableOf(entry: CacheEntry): readonly Buffer[] {
    const { head, items } = this.listHead({ resourceVersion: versionIn(entry.bytes) });
    return [jsonListHead(head, items), ...this.#row(entry), LIST_TAIL];
  }

  list(entries: readonly CacheEntry[], meta: ListMeta): Parts {
    return jsonList(this, entries, meta);
  }
  event(type: EventType, entry: CacheEntry): Buffer {
    return eventLine(type, this.#tableOf(entry));
  }
  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    // compat: a bookmark is a table with one row whose object carries the version.
    const type = { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${this.options.version}` };
    const row = {
      cells: this.#cells.columns.map(() => null),
      object: bookmarkObject(type, resourceVersion, initialEventsEnd),
    };
    return jsonLine('BOOKMARK', this.#table({ resourceVersion }, [row]));
  }
  failure(status: Status): Buffer {
    return jsonLine('ERROR', status);
  }
}
