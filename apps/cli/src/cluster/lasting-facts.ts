import type { ClusterFacts } from './cluster-dir.ts';
import { nodePortsOf } from './node-ports.ts';
import { nodeNameOf } from './programs.ts';
import { rangesOf } from './ranges.ts';

/** What may be asked for. All but the API's port stays what it was at the first start. */
export type Wishes = Partial<Pick<ClusterFacts, 'apiPort' | Lasting>>;
type Lasting = 'runtime' | 'store' | 'nodePorts' | 'nodeName' | 'podCidr' | 'serviceCidr';

/** The flag that asks for it, and what a cluster has that was not asked; undefined where nobody knows any more. */
const lasting: {
  readonly [Fact in Lasting]: readonly [flag: string, customary: (facts: ClusterFacts) => string | undefined];
} = {
  // Until this was kept, each start said it.
  runtime: ['--runtime', ({ runtime }) => runtime],
  store: ['--store', ({ store }) => store],
  nodePorts: ['--node-ports', ({ index, nodePorts }) => nodePortsOf(index, nodePorts).all],
  nodeName: ['--node-name', nodeNameOf],
  podCidr: ['--cluster-cidr', (facts) => rangesOf(facts).podCidr],
  serviceCidr: ['--service-cidr', (facts) => rangesOf(facts).serviceCidr],
};

/** Without what was not asked for. */
export function wishedFor(wishes: Wishes): Partial<ClusterFacts> {
  const asked = Object.entries(lasting).map(([fact]) => [fact, wishes[fact as Lasting]] as const);
  return Object.fromEntries(asked.filter(([, value]) => value !== undefined));
}

/** Throws when something else is asked for than what the cluster was made with. */
export function demandSame(kept: ClusterFacts, wishes: Wishes): void {
  for (const [fact, [flag, customary]] of Object.entries(lasting)) {
    const wish = wishes[fact as Lasting];
    const has = customary(kept);
    if (wish !== undefined && has !== undefined && wish !== has)
      throw new Error(
        `cluster "${kept.name}" was made with ${flag} ${has}, and keeps it for its life; use another --name for ${flag} ${wish}`,
      );
  }
}
