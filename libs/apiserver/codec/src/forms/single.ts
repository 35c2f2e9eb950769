import { type Column, statusType } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { CacheEntry } from '../entries/cache-entry.ts';
import type { Accept } from './accept.ts';
import { PartialForm } from './partial-form.ts';
import { TableForm, type TableOptions } from './table-form.ts';

export interface Shapeable {
  readonly object: KubeObject;
  /** Of a Table with this object as its row; without, there is none. */
  readonly columns?: readonly Column[] | undefined;
}

/** compat: an outcome is told as it is, whatever shape was asked for. */
const isOutcome = ({ kind }: KubeObject): boolean => kind === statusType.kind;

export function hasShape({ object, columns }: Shapeable, { as }: Accept): boolean {
  if (as === undefined || isOutcome(object)) return true;
  return as === 'Table' ? columns !== undefined : as === 'PartialObjectMetadata';
}

/** The object in the shape that was asked for. */
export function shaped(
  { object, columns }: Shapeable,
  { as, asVersion: version = 'v1' }: Accept,
  table: () => Omit<TableOptions, 'version'>,
): object {
  if (as === undefined || isOutcome(object)) return object;
  // Values are made of the object alone: nobody stores it.
  const entry = new CacheEntry({
    key: '',
    revision: 0,
    bytes: Buffer.alloc(0),
    namespace: '',
    name: '',
    decoded: object,
  });
  if (as !== 'Table') return new PartialForm({ apiVersion: '' }, version).value(entry);
  return new TableForm({ apiVersion: '', definition: { columns } }, { version, ...table() }).value(entry);
}
