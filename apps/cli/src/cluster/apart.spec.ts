import { expect, it } from 'vitest';
import { clusterRanges, demandApart, indexFits } from './apart.ts';
import type { ClusterFacts } from './cluster-dir.ts';

const other: ClusterFacts = { format: 1, name: 'other', index: 4, apiPort: 1, kubeletPort: 2, store: 'sqlite' };
const machine = { cidr: '192.0.2.2/24', whose: 'this machine (eth0)' };
const taken = [...clusterRanges([other]), machine];

it.each([
  [
    { podCidr: '10.104.8.0/24' },
    'the cluster "other" has the addresses 10.104.0.0/16, which 10.104.8.0/24 overlaps; choose others with --cluster-cidr',
  ],
  [
    { serviceCidr: '10.154.0.0/16' },
    'the cluster "other" has the addresses 10.154.0.0/16, which 10.154.0.0/16 overlaps; choose others with --service-cidr',
  ],
  [
    { podCidr: '192.0.2.0/24' },
    'this machine (eth0) has the addresses 192.0.2.2/24, which 192.0.2.0/24 overlaps; choose others with --cluster-cidr',
  ],
  [{ serviceCidr: '192.0.2.128/28' }, 'this machine (eth0) has the addresses'],
  [
    { podCidr: '10.50.0.0/16', serviceCidr: '10.50.8.0/24' },
    '--cluster-cidr 10.50.0.0/16 and --service-cidr 10.50.8.0/24 overlap; choose ranges apart',
  ],
])('%j is refused', (asked, words) => {
  expect(() => demandApart(asked, taken)).toThrow(words);
});

it('ranges that meet nothing are taken, and none that nobody asked for is refused', () => {
  expect(() => demandApart({ podCidr: '10.50.0.0/16', serviceCidr: '10.51.0.0/16' }, taken)).not.toThrow();
  expect(() => demandApart({}, [{ cidr: '10.0.0.0/8', whose: 'all' }])).not.toThrow();
});

it.each([
  ['meets nothing', 3, {}, true],
  ["meets another cluster's", 4, {}, false],
  ['meets what was asked for as the other range', 0, { podCidr: '10.96.0.0/20' }, false],
  [
    'meets the other only in what was asked for instead',
    4,
    { podCidr: '10.50.0.0/16', serviceCidr: '10.51.0.0/16' },
    true,
  ],
  ['meets the other in the range that was not asked for', 4, { podCidr: '10.50.0.0/16' }, false],
])('an index whose range %s: %i with %j fits: %s', (_what, index, asked, fits) => {
  expect(indexFits(index, asked, taken)).toBe(fits);
});
