import { describe } from 'vitest';
import { describeBacklog } from './suite/backlog.ts';
import { describeCommits } from './suite/commits.ts';
import { describeCompaction } from './suite/compaction.ts';
import { describeExpiry } from './suite/expiry.ts';
import type { StoreFixture } from './suite/fixture.ts';
import { describeLife } from './suite/life.ts';
import { describeLists } from './suite/lists.ts';
import { describeTogether } from './suite/together.ts';
import { describeWatches } from './suite/watches.ts';

export type { StoreFixture } from './suite/fixture.ts';

/** What every store must do. An adapter's spec is one call; `open` gives a store that nothing was written to. */
export function describeStore(name: string, open: () => Promise<StoreFixture>): void {
  describe(`${name} as a store`, () => {
    describeCommits(open);
    describeBacklog(open);
    describeLists(open);
    describeWatches(open);
    describeTogether(open);
    describeCompaction(open);
    describeExpiry(open);
    describeLife(open);
  });
}
