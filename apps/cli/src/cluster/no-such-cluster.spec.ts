import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClusterDir, parentOfClusters } from './cluster-dir.ts';
import type { KnownCluster } from './known-clusters.ts';
import { noSuchCluster } from './no-such-cluster.ts';

const known = (name: string, path = join(parentOfClusters(), name)): KnownCluster => ({
  path,
  facts: { format: 1, name, index: 1, apiPort: 1, kubeletPort: 2, store: 'sqlite' },
});
const damaged: KnownCluster = { path: '/data/torn', fault: 'torn' };
beforeEach(() => {
  vi.stubEnv('HOME', '/nowhere');
});
afterEach(() => void vi.unstubAllEnvs());

describe('where there is no cluster', () => {
  it.each<[string, readonly KnownCluster[], RegExp]>([
    [
      'how to start one is said',
      [],
      /^there is no cluster "typo" in \S+typo; start one with: \S+ up --name typo(?!.*clusters of)/,
    ],
    [
      'those that there are are named, with the flags that mean them',
      [known('default'), known('prod'), known('far', '/data/far'), damaged],
      /The clusters of this user: --name default, --name prod, --name far --data-dir \/data\/far(?!.*torn)/,
    ],
  ])('%s', (_what, clusters, words) => {
    const none = noSuchCluster(new ClusterDir('typo'), clusters);
    expect([none.message, none.isElsewhere]).toEqual([expect.stringMatching(words), false]);
  });

  it('one of that name in another place is what is meant', () => {
    const none = noSuchCluster(new ClusterDir('far'), [known('default'), known('far', '/data/far')]);
    expect(none.isElsewhere).toBe(true);
    expect(none.message).toMatch(
      /^there is no cluster "far" in \S+far\. There is one of that name in \/data\/far: for that, add --data-dir \/data\/far$/,
    );
  });
});
