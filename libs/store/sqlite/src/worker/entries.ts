import type { WireEntries } from '../protocol.ts';
import type { Row } from './rows.ts';
import { SLOTS } from './schema.ts';

/** Collects rows into columns and one buffer that moves to the other thread without a copy. */
export class EntryColumns {
  readonly #keys: string[] = [];
  readonly #revisions: number[] = [];
  readonly #created: number[] = [];
  readonly #sizes: number[] = [];
  readonly #values: Uint8Array[] = [];
  bytes = 0;

  get length(): number {
    return this.#keys.length;
  }

  get lastKey(): string | undefined {
    return this.#keys.at(-1);
  }

  add([key, id, created, , value]: Row, keyOnly = false): void {
    this.#keys.push(key);
    this.#revisions.push(Math.floor(id / SLOTS));
    this.#created.push(created);
    this.#sizes.push(keyOnly ? 0 : (value?.byteLength ?? 0));
    if (!value || keyOnly) return;
    this.#values.push(value);
    this.bytes += value.byteLength;
  }

  finish(): WireEntries {
    const values = new Uint8Array(this.bytes);
    let offset = 0;
    for (const value of this.#values) {
      values.set(value, offset);
      offset += value.byteLength;
    }
    return { keys: this.#keys, revisions: this.#revisions, created: this.#created, sizes: this.#sizes, values };
  }
}
