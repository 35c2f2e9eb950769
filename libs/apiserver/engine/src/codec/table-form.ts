import type { Column } from '@kubernest/kinds';
import { ageOf, type KubeObject, type ListMeta, type Status } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { Resource } from '../catalog/resource.ts';
import { mediaTypes } from './accept.ts';
import { bookmarkObject } from './bookmark.ts';
import type { EventType, ValueForm } from './form.ts';
import { jsonLine } from './json-form.ts';
import { jsonList } from './json-list.ts';
import { oneAtATime, type Parts } from './parts.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

const NAME: Column = { name: 'Name', type: 'string', format: 'name', cell: (object) => object.metadata.name ?? '' };
const AGE: Column = {
  name: 'Age',
  type: 'string',
  cell: (object, now) => ageOf(object.metadata.creationTimestamp, now),
};

export interface TableOptions {
  readonly version: string;
  readonly includeObject: IncludeObject;
  readonly now: () => Date;
  /** The columns were told before. */
  readonly headless?: boolean;
}

const definitionOf = (column: Column): object => ({
  name: column.name,
  type: column.type,
  format: column.format ?? '',
  description: column.description ?? '',
  priority: column.priority ?? 0,
});

/** `Table`: what `kubectl get` prints, one row an object. Cells hold ages, so rows are made anew each time. */
export class TableForm implements ValueForm {
  readonly key: string;
  readonly contentType = mediaTypes.json;
  readonly watchContentType = mediaTypes.json;
  readonly reads = 'object';
  readonly #columns: readonly Column[];
  readonly #definitions: readonly object[] | null;
  readonly later: TableForm | undefined;

  constructor(
    resource: Resource,
    private readonly options: TableOptions,
  ) {
    const { version, includeObject, headless = false } = options;
    this.key = `table ${version} ${includeObject} ${resource.apiVersion}${headless ? ' headless' : ''}`;
    this.#columns = resource.definition.columns ?? [NAME, AGE];
    // compat: of a watch only the first event tells the columns.
    this.#definitions = headless ? null : this.#columns.map(definitionOf);
    this.later = headless ? undefined : new TableForm(resource, { ...options, headless: true });
  }

  #row(entry: CacheEntry, now: Date): object {
    const object = entry.object;
    const row = { cells: this.#columns.map((column) => column.cell(object, now)) };
    const included = this.#included(object);
    return included ? { ...row, object: included } : row;
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
    return this.#row(entry, this.options.now());
  }

  #table(metadata: ListMeta, rows: readonly object[]): object {
    return { ...this.listHead(metadata).head, rows };
  }

  value(entry: CacheEntry): object {
    const { resourceVersion } = entry.object.metadata;
    return this.#table({ resourceVersion }, [this.item(entry)]);
  }

  one(entry: CacheEntry): Uint8Array | Parts {
    return oneAtATime(entry, () => Buffer.from(JSON.stringify(this.value(entry))));
  }
  list(entries: readonly CacheEntry[], meta: ListMeta): Parts {
    return jsonList(this, entries, meta);
  }
  event(type: EventType, entry: CacheEntry): Buffer {
    return jsonLine(type, this.value(entry));
  }
  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    // compat: a bookmark is a table with one row whose object carries the version.
    const type = { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${this.options.version}` };
    const row = {
      cells: this.#columns.map(() => null),
      object: bookmarkObject(type, resourceVersion, initialEventsEnd),
    };
    return jsonLine('BOOKMARK', this.#table({ resourceVersion }, [row]));
  }
  failure(status: Status): Buffer {
    return jsonLine('ERROR', status);
  }
}
