import { type CacheEntry, reading } from '@kubernest/apiserver/codec';
import {
  badRequest,
  checkFieldSelector,
  type FieldRequirement,
  FieldTerms,
  type LabelRequirements,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
  type Steps,
} from '@kubernest/meta';
import type { Resource } from '../catalog/resource.ts';
import type { Pin } from '../watch/watch-groups.ts';
import type { Selection } from '../watch/watcher.ts';

const outside: ReadonlySet<string> = new Set(['metadata.name', 'metadata.namespace']);
/** So much is looked at before others get a turn. */
const BYTES_AT_ONCE = 64 * 1024;
/** A comparison takes as long as looking at so many. */
const TERM_BYTES = 16;

export interface SelectionQuery {
  readonly namespace: string | undefined;
  /** One object alone. */
  readonly name?: string | undefined;
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

/** Which objects of a resource a list or watch is about. Throws 400 for selectors that cannot be read or asked. */
export class ResourceSelection implements Selection {
  readonly key: string;
  readonly pin: Pin | undefined;
  readonly #labels: LabelRequirements;
  readonly #fields: FieldTerms;
  readonly #namespace: string;
  readonly readsVersion: boolean;
  /** What is asked for stands within the object, which may have to be read first. */
  readonly #looksInside: boolean;
  /** What it takes to compare one object, as so many bytes looked at. */
  readonly #costOfTerms: number;

  constructor(
    readonly resource: Resource,
    query: SelectionQuery,
  ) {
    this.#namespace = (resource.definition.namespaced && query.namespace) || '';
    this.#labels = query.labelSelector === '' ? [] : parseLabelSelector(query.labelSelector);
    const one = query.name === undefined ? [] : [{ field: 'metadata.name', operator: '=', value: query.name } as const];
    const fields = query.fieldSelector === '' ? one : [...one, ...parseFieldSelector(query.fieldSelector)];
    const { selectableFields } = resource.definition;
    checkFieldSelector(fields, selectableFields && Object.keys(selectableFields));
    this.#fields = new FieldTerms(fields);
    this.readsVersion = fields.some(({ field }) => !outside.has(field));
    this.#looksInside = this.#labels.length > 0 || this.readsVersion;
    this.#costOfTerms = TERM_BYTES * (1 + this.#labels.length + this.#fields.size);
    this.pin = this.#pinOf(fields.find(({ operator }) => operator === '='));
    const { labelSelector, fieldSelector, name } = query;
    this.key = JSON.stringify([resource.id, this.#namespace, labelSelector, fieldSelector, name]);
  }

  /** Nothing but the namespace narrows it: counts and remaining items are known without looking. */
  get unfiltered(): boolean {
    return this.#labels.length === 0 && this.#fields.size === 0;
  }

  /** Where the keys of all that is selected begin. */
  get keyPrefix(): string {
    const { namespaced } = this.resource.definition;
    const asked = namespaced && this.#namespace === '' ? this.#fields.wanted('metadata.namespace') : undefined;
    return this.resource.keyPrefix(asked ?? this.#namespace);
  }

  /** The key of the one object that may be selected, where the selector says so much. */
  get onlyKey(): string | undefined {
    const name = this.#fields.wanted('metadata.name');
    if (name === undefined || name === '') return undefined;
    const namespace = this.#namespace || this.#fields.wanted('metadata.namespace');
    return this.resource.definition.namespaced && !namespace ? undefined : this.keyPrefix + name;
  }

  /** Nothing can be selected. */
  get isEmpty(): boolean {
    return this.#fields.contradictory;
  }

  matches(entry: CacheEntry): boolean {
    if (this.#namespace !== '' && entry.namespace !== this.#namespace) return false;
    return this.matchesSelectors(entry);
  }

  /** For entries that came out of the namespace's own key range. */
  matchesSelectors(entry: CacheEntry): boolean {
    if (this.#labels.length > 0 && !matchesLabels(this.#labels, entry.labels)) return false;
    return this.#fields.size === 0 || this.#fields.match((field) => this.#field(entry, field));
  }

  /** Those of `range`, which came out of the namespace's own key range; where there is none others may have their turn. */
  *among(range: readonly CacheEntry[]): Generator<CacheEntry | undefined, undefined> {
    let looked = 0;
    for (const entry of range) {
      looked += this.#costOf(entry);
      if (looked > BYTES_AT_ONCE && !this.unfiltered) {
        looked = 0;
        yield undefined;
        if (this.#looksInside) yield* reading(entry);
      }
      if (this.matchesSelectors(entry)) yield entry;
    }
  }

  /** The first of them, as many as are wanted. A loop of its own, as most lists are made by it. */
  *first(range: readonly CacheEntry[], wanted: number): Steps<readonly CacheEntry[]> {
    const entries: CacheEntry[] = [];
    let looked = 0;
    for (const entry of range) {
      looked += this.#costOf(entry);
      if (looked > BYTES_AT_ONCE) {
        looked = 0;
        yield;
        if (this.#looksInside) yield* entry.read();
      }
      if (this.matchesSelectors(entry) && entries.push(entry) === wanted) break;
    }
    return entries;
  }

  #costOf(entry: CacheEntry): number {
    return this.#costOfTerms + (this.#looksInside ? entry.bytes.length : 0);
  }

  /** A field that is to have one value, else the namespace. */
  #pinOf(one: FieldRequirement | undefined): Pin | undefined {
    if (one) {
      const { field, value } = one;
      return {
        by: `${this.resource.id} ${field}`,
        value,
        looksInside: !outside.has(field),
        read: (entry) => this.#field(entry, field),
      };
    }
    return this.#namespace === ''
      ? undefined
      : { by: 'namespace', value: this.#namespace, looksInside: false, read: ({ namespace }) => namespace };
  }

  #field(entry: CacheEntry, field: string): string {
    if (field === 'metadata.name') return entry.name;
    if (field === 'metadata.namespace') return entry.namespace;
    const read = this.resource.definition.selectableFields?.[field];
    if (!read) throw badRequest(`field label not supported: ${field}`);
    return entry.field(field, () => read(entry.object));
  }
}
