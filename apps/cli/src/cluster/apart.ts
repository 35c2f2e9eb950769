import { UsageError } from '../command/command.ts';
import type { TakenRange } from '../machine/networks.ts';
import type { ClusterFacts } from './cluster-dir.ts';
import { overlap, rangesOf } from './ranges.ts';

/** What was asked for; the rest follows from the index. */
export type AskedRanges = Pick<ClusterFacts, 'podCidr' | 'serviceCidr'>;

/** What other clusters have. */
export const clusterRanges = (others: readonly ClusterFacts[]): readonly TakenRange[] =>
  others.flatMap((other) => {
    const { podCidr, serviceCidr } = rangesOf(other);
    return [podCidr, serviceCidr].map((cidr) => ({ cidr, whose: `the cluster "${other.name}"` }));
  });

/** Ranges that were asked for lie apart, and apart from what is taken: somebody's packets would go elsewhere. */
export function demandApart({ podCidr, serviceCidr }: AskedRanges, taken: readonly TakenRange[]): void {
  if (podCidr && serviceCidr && overlap(podCidr, serviceCidr))
    throw new UsageError(`--cluster-cidr ${podCidr} and --service-cidr ${serviceCidr} overlap; choose ranges apart`);
  for (const [flag, range] of [
    ['--cluster-cidr', podCidr],
    ['--service-cidr', serviceCidr],
  ] as const) {
    const met = range && taken.find(({ cidr }) => overlap(range, cidr));
    if (met)
      throw new Error(
        `${met.whose} has the addresses ${met.cidr}, which ${range} overlaps; choose others with ${flag}`,
      );
  }
}

/** Whether the ranges that an index gives beside those that were asked for meet none of them, and nothing that is taken. */
export function indexFits(index: number, asked: AskedRanges, taken: readonly TakenRange[]): boolean {
  const { podCidr, serviceCidr } = rangesOf({ index, ...asked });
  const given = [...(asked.podCidr ? [] : [podCidr]), ...(asked.serviceCidr ? [] : [serviceCidr])];
  return !overlap(podCidr, serviceCidr) && !given.some((own) => taken.some(({ cidr }) => overlap(own, cidr)));
}
