import { crc32 } from 'node:zlib';
import { DamagedRowError } from './faults.ts';

/** A row of the log, or what `current` says of it beside its value: in the order that every statement selects them. */
export type Row = readonly [
  key: string,
  id: number,
  created: number,
  expiresAt: number | null,
  value: Uint8Array | null,
  checksum: number | null,
];

export type RowContent = Row extends readonly [...infer Content, unknown] ? Readonly<Content> : never;

/** Of `current c` with `log l` beside it. */
export const OF_CURRENT = 'c.key, c.id, c.create_revision, c.expires_at, l.value, l.checksum';
export const OF_LOG = 'l.key, l.id, l.create_revision, l.expires_at, l.value, l.checksum';

/** Any blob sorts after every text: the end of a range that has none. */
export const NO_END = new Uint8Array(0);
const NOTHING = new Uint8Array(0);

/** SQLite's pages have no checksums, so that a bit that flips in a value would be read as if somebody had written it. */
export const checksumOf = ([key, id, created, expiresAt, value]: RowContent): number =>
  crc32(value ?? NOTHING, crc32(`${id} ${created} ${expiresAt} ${key}`));

/** The row as it was written, whatever way led to it. A row that is not there has no checksum. */
export function checked(row: Row): Row {
  const [key, id, created, expiresAt, value, checksum] = row;
  if (checksumOf([key, id, created, expiresAt, value]) !== checksum) throw new DamagedRowError(key);
  return row;
}
