import { writeSync } from 'node:fs';
import { silentLogger, systemClock } from '@kubernest/kit';
import { openSqliteStore } from '@kubernest/store/sqlite';

// Commits one after another and says so after each; the system calls in between are what the test looks at.
const [directory = '', count = '0'] = process.argv.slice(2);
const ctx = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const store = await openSqliteStore({ directory });
const watched = new AbortController();
const watching = store
  .watch(
    { prefix: '', after: await store.currentRevision(ctx) },
    ({ revision }) => writeSync(1, `watched ${revision}\n`),
    {
      ...ctx,
      signal: watched.signal,
    },
  )
  .catch(() => {});
for (let i = 0; i < Number(count); i++) {
  const value = Buffer.from(`payload-${i}.`);
  await store.commit({ conditions: [], writes: [{ op: 'put', key: `/key/${i % 3}`, value }] }, ctx);
  writeSync(1, `acknowledged ${i}\n`);
}
watched.abort();
await watching;
await store.close();
