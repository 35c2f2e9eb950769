import { type Looks, looksOfAnswer } from '@kubernest/definitions';
import type { Json, ListMeta } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import { mediaTypes } from './accept.ts';
import type { Form, ValueForm } from './form.ts';
import { makingLarge, type Reads, reading } from './parts.ts';
import { yamlText } from './yaml-text.ts';

/** What another form says in JSON, as YAML: for people, not for speed. */
export class YamlForm implements Form {
  readonly contentType = mediaTypes.yaml;

  readonly reads: Reads;

  constructor(private readonly json: ValueForm) {
    this.reads = json.reads === 'metadata' ? 'metadata' : 'object';
  }

  *one(entry: CacheEntry): Generator<Uint8Array | undefined> {
    yield* this.#preparing(entry);
    yield* toYaml(this.json.value(entry));
  }

  *list(entries: readonly CacheEntry[], meta: ListMeta): Generator<Uint8Array | undefined> {
    const { head, items } = this.json.listHead(meta);
    yield* toYaml(entries.length > 0 ? head : { ...head, [items]: [] });
    if (entries.length > 0) yield Buffer.from(`${items}:\n`);
    const looks = looksOfAnswer();
    for (const entry of entries) {
      yield* this.#preparing(entry, looks);
      yield* toYaml([this.json.item(entry)]);
    }
  }

  *#preparing(entry: CacheEntry, answer?: Looks): Generator<undefined, void> {
    yield* makingLarge(this.json, entry, answer);
    yield* reading(entry, this.reads);
  }
}

export function* toYaml(value: object): Generator<Uint8Array | undefined> {
  for (const text of yamlText(value as Json)) {
    yield Buffer.from(text);
    yield undefined;
  }
}
