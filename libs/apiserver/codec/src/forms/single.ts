import type { Expected } from '@kubernest/apiserver/contract';
import { type Column, statusType } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { CacheEntry } from '../entries/cache-entry.ts';
import type { Accept } from './accept.ts';
import { PartialForm } from './partial-form.ts';
import { TableForm, type TableOptions } from './table-form.ts';

/** An object that is no stored one, as far as it is known before there is one. */
export interface SingleType {
  readonly type: Expected;
  /** Of a Table with the object as its row; without, there is none. */
  readonly columns?: readonly Column[] | undefined;
  /** It is of a kind that is declared, of which nothing is told in protobuf but metadata. */
  readonly ofDeclared?: boolean | undefined;
}

export interface Single extends SingleType {
  readonly object: KubeObject;
}

/** compat: an outcome is told as it is, whatever shape was asked for: of what may be a Table, for who asks for one. */
export const isOutcome = ({ kind }: Pick<Expected, 'kind'>): boolean => kind === statusType.kind;

export function hasShape({ columns, ofDeclared = false }: SingleType, { as, media }: Accept): boolean {
  if (as === undefined) return !(ofDeclared && media === 'protobuf');
  return as !== 'Table' || columns !== undefined;
}

/** The object in the shape that was asked for. */
export function shaped(
  { object, type, columns }: Single,
  { as, asVersion: version = 'v1' }: Accept,
  table: Omit<TableOptions, 'version'>,
): object {
  if (as === undefined || isOutcome(type)) return object;
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
  return new TableForm({ apiVersion: '', definition: { columns } }, { version, ...table }).value(entry);
}
