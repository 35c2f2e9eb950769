import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Etcd3 } from 'etcd3';
import type { StoreName } from '../row.ts';

export interface BareStoreOptions {
  readonly dir: string;
  readonly etcd: string | undefined;
  readonly value: Buffer;
  readonly seconds: number;
}

const atOnce = 32;
let databases = 0;

/** Writes a second of the store's own driver, without an API in front. */
export function bareStore(store: StoreName, options: BareStoreOptions): Promise<number> {
  return store === 'sqlite' ? Promise.resolve(bareSqlite(options)) : bareEtcd(options);
}

function bareSqlite({ dir, value, seconds }: BareStoreOptions): number {
  const db = new DatabaseSync(join(dir, `bare-${databases++}.db`));
  db.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, v BLOB)',
  );
  const insert = db.prepare('INSERT INTO t (k, v) VALUES (?, ?)');
  const begun = performance.now();
  let rows = 0;
  while (performance.now() - begun < seconds * 1000) {
    db.exec('BEGIN IMMEDIATE');
    for (let i = 0; i < atOnce; i++) insert.run(`/registry/pods/bare/pod-${rows++}`, value);
    db.exec('COMMIT');
  }
  const elapsed = performance.now() - begun;
  db.close();
  return rows / (elapsed / 1000);
}

async function bareEtcd({ etcd, value, seconds }: BareStoreOptions): Promise<number> {
  if (etcd === undefined) throw new Error('no etcd to measure');
  const client = new Etcd3({ hosts: etcd });
  const prefix = `/bare-${databases++}/`;
  const begun = performance.now();
  let puts = 0;
  const writer = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1000) await client.put(`${prefix}pod-${puts++}`).value(value).exec();
  };
  await Promise.all(Array.from({ length: atOnce }, writer));
  const elapsed = performance.now() - begun;
  await client.delete().prefix(prefix).exec();
  client.close();
  return puts / (elapsed / 1000);
}
