import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@kubernest/kit';
import { describeStore } from '../../contract/src/suite.ts';
import { openSqliteStore } from './index.ts';

describeStore('sqlite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kubernest-sqlite-'));
  const clock = new FakeClock();
  const store = await openSqliteStore({ directory, clock });
  return {
    store,
    pass: (seconds) => clock.advance(seconds * 1000),
    async dispose() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});
