import { looksOfAnswer } from '@kubernest/definitions';
import type { ListMeta } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import type { ValueForm } from './form.ts';
import { makingLarge } from './parts.ts';

/** A form of which each item of a list is made by itself. */
interface ItemForm extends Pick<ValueForm, 'listHead' | 'making' | 'isDear'> {
  itemBytes(entry: CacheEntry): Buffer;
}

const COMMA = Buffer.from(',');
export const LIST_TAIL = Buffer.from(']}');

/** A list as JSON, item by item. */
export function* jsonList(
  form: ItemForm,
  entries: readonly CacheEntry[],
  meta: ListMeta,
): Generator<Uint8Array | undefined> {
  const { head, items } = form.listHead(meta);
  yield jsonListHead(head, items);
  const looks = looksOfAnswer();
  let isFirst = true;
  for (const entry of entries) {
    if (!isFirst) yield COMMA;
    isFirst = false;
    yield* makingLarge(form, entry, looks);
    yield form.itemBytes(entry);
  }
  yield LIST_TAIL;
}

/** `{"kind":…,"metadata":…,"items":[` */
export const jsonListHead = (head: object, items: string): Buffer =>
  Buffer.from(`${JSON.stringify(head).slice(0, -1)},"${items}":[`);
