import type { ListMeta } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { ValueForm } from './form.ts';
import { reading } from './parts.ts';

/** A list as JSON, item by item. */
export function* jsonList(
  form: ValueForm,
  entries: readonly CacheEntry[],
  meta: ListMeta,
): Generator<Uint8Array | undefined> {
  const { head, items } = form.listHead(meta);
  yield jsonListHead(head, items);
  let before = '';
  for (const entry of entries) {
    yield* reading(entry, form.reads);
    yield Buffer.from(before + JSON.stringify(form.item(entry)));
    before = ',';
  }
  yield Buffer.from(']}');
}

/** `{"kind":…,"metadata":…,"items":[` */
export const jsonListHead = (head: object, items: string): Buffer =>
  Buffer.from(`${JSON.stringify(head).slice(0, -1)},"${items}":[`);
