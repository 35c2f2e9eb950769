import { writeSync } from 'node:fs';
import { silentLogger, systemClock } from '@kubernest/kit';
import type { Store, StoreEvent } from '@kubernest/store/contract';
import { openEtcdStore } from '@kubernest/store/etcd';
import { openSqliteStore } from '@kubernest/store/sqlite';

/** What the program says, a line each. Written at once, so that a SIGKILL takes back nothing that was said. */
export type Line =
  | { readonly say: 'opened'; readonly revision: number }
  | {
      readonly say: 'try';
      readonly id: string;
      readonly key: string;
      readonly value: string | null;
      readonly expected: number;
    }
  | { readonly say: 'ack'; readonly id: string; readonly revision: number | 'refused' }
  | {
      readonly say: 'seen';
      readonly through: number;
      readonly events: readonly (readonly [string, string | null, number])[];
    };

const [kind, place = '', prefix = '', name = '', after = '', writers = '8', keys = '12'] = process.argv.slice(2);
const ctx = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
function say(line: Line): void {
  let left = Buffer.from(`${JSON.stringify(line)}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (error) {
      // The reader is slower than we are.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
const decode = (value: Uint8Array) => new TextDecoder().decode(value);

const store: Store =
  kind === 'sqlite' ? await openSqliteStore({ directory: place }) : await openEtcdStore({ endpoints: [place], prefix });
const opened = await store.currentRevision(ctx);
say({ say: 'opened', revision: opened });

const plain = (event: StoreEvent) =>
  event.type === 'put'
    ? ([event.entry.key, decode(event.entry.value), event.entry.revision] as const)
    : ([event.key, null, event.revision] as const);
const watching = store.watch(
  { prefix: '/', after: after === '' ? opened : Number(after) },
  (batch) => say({ say: 'seen', through: batch.revision, events: batch.events.map(plain) }),
  ctx,
);

let attempts = 0;
async function write(): Promise<void> {
  for (;;) {
    const id = `${name}-${attempts++}`;
    const key = `/key/${Math.floor(Math.random() * Number(keys))}`;
    const { entry } = await store.get(key, ctx);
    const expected = entry?.revision ?? 0;
    const deletes = expected !== 0 && Math.random() < 0.1;
    say({ say: 'try', id, key, value: deletes ? null : id, expected });
    const result = await store.commit(
      {
        conditions: [{ key, revision: expected }],
        writes: [deletes ? { op: 'delete', key } : { op: 'put', key, value: Buffer.from(id) }],
      },
      ctx,
    );
    say({ say: 'ack', id, revision: result.ok ? result.revision : 'refused' });
  }
}
await Promise.all([watching, ...Array.from({ length: Number(writers) }, write)]);
