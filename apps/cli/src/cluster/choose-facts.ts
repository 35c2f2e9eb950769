import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { called } from '../command/command-name.ts';
import { machineRanges, type TakenRange } from '../machine/networks.ts';
import { type AskedRanges, clusterRanges, demandApart, indexFits } from './apart.ts';
import { demandOutside, demandPort, freePort, holdsPort, type Neighbours } from './choose-ports.ts';
import { type ClusterDir, type ClusterFacts, dataFormat } from './cluster-dir.ts';
import { keptFacts } from './kept-runtime.ts';
import { demandSame, type Wishes, wishedFor } from './lasting-facts.ts';
import { customaryNodePorts, nodePortsOf } from './node-ports.ts';
import { maxIndex, rangesOf } from './ranges.ts';

/**
 * The facts of a cluster that starts: what is kept, or for a first start a choice that collides with nothing seen on this machine.
 * What is chosen is claimed, so that of two that start at once neither gets what the other has.
 */
export async function chooseFacts(
  dir: ClusterDir,
  wishes: Wishes,
  { say, ...machine }: Surroundings,
): Promise<ClusterFacts> {
  const kept = keptFacts(dir);
  const others = { ...machine, known: machine.known.filter(({ path }) => path !== dir.path) };
  // One that is damaged is its own cluster's affair, and must not keep this one from starting.
  for (const { fault } of others.known) if (fault) say(`another cluster is passed over: ${fault}`);
  return kept ? confirmed(kept, wishes, others) : firstFacts(dir, wishes, others);
}

export interface Surroundings extends Neighbours {
  readonly say: (line: string) => void;
}

async function firstFacts(dir: ClusterDir, wishes: Wishes, neighbours: Neighbours): Promise<ClusterFacts> {
  const index = await freeIndex(dir, wishes, neighbours);
  const nodePorts = wishes.nodePorts ?? customaryNodePorts;
  demandOutside(nodePorts, wishes.apiPort ?? customaryPorts.api, 'API');
  demandOutside(nodePorts, customaryPorts.kubelet, 'kubelet');
  if (wishes.apiPort !== undefined) await demandPort(wishes.apiPort, neighbours);
  const isLeftOut = leftOut(factsOf(neighbours), nodePorts);
  return {
    format: dataFormat,
    name: dir.name,
    index,
    apiPort: wishes.apiPort ?? (await freePort(customaryPorts.api, isLeftOut, neighbours)),
    kubeletPort: await freePort(customaryPorts.kubelet, isLeftOut, neighbours),
    store: 'sqlite',
    nodePorts,
    ...wishedFor(wishes),
  };
}

const customaryPorts = { api: 6443, kubelet: 10250 } as const;

/** What it has it keeps, though no first start would get it today. */
async function confirmed(kept: ClusterFacts, wishes: Wishes, neighbours: Neighbours): Promise<ClusterFacts> {
  demandSame(kept, wishes);
  const { apiPort = kept.apiPort } = wishes;
  const nodePorts = nodePortsOf(kept.index, kept.nodePorts).all;
  if (apiPort !== kept.apiPort) demandOutside(nodePorts, apiPort, 'API');
  await demandPort(apiPort, neighbours);
  if (!(await neighbours.claim(`index ${kept.index}`)))
    throw new Error(
      `another cluster that runs uses the address ranges of "${kept.name}"; stop it, or use another --name`,
    );
  const isLeftOut = leftOut(factsOf(neighbours), nodePorts);
  const isOut = (port: number): boolean => port !== kept.kubeletPort && isLeftOut(port);
  return { ...kept, apiPort, kubeletPort: await freePort(kept.kubeletPort, isOut, neighbours) };
}

const factsOf = ({ known }: Neighbours): readonly ClusterFacts[] => known.flatMap(({ facts }) => facts ?? []);

/** Ports that free themselves now and then: those of clusters that are down, and those that a Service may get. */
function leftOut(others: readonly ClusterFacts[], nodePorts: string): (port: number) => boolean {
  const taken = new Set(others.flatMap(({ apiPort, kubeletPort }) => [apiPort, kubeletPort]));
  return (port) => taken.has(port) || holdsPort(nodePorts, port);
}

const takenBy = (others: readonly ClusterFacts[]): readonly TakenRange[] => [
  ...clusterRanges(others),
  ...machineRanges(),
];

/** 0 for the cluster named default; others begin at a place that follows from their path. Each steps on while that is taken, or its ranges are. */
async function freeIndex(dir: ClusterDir, asked: AskedRanges, neighbours: Neighbours): Promise<number> {
  const others = factsOf(neighbours);
  const taken = takenBy(others);
  demandApart(asked, taken);
  const indices = new Set(others.map((f) => f.index));
  const free = async (index: number): Promise<boolean> =>
    !indices.has(index) &&
    indexFits(index, asked, taken) &&
    !hasLink(rangesOf({ index }).bridge) &&
    (await neighbours.claim(`index ${index}`)) !== undefined;
  if (dir.name === 'default' && (await free(0))) return 0;
  const start = createHash('sha256').update(dir.path).digest().readUInt16BE(0) % maxIndex;
  for (let step = 0; step < maxIndex; step++) {
    const index = ((start + step) % maxIndex) + 1;
    if (await free(index)) return index;
  }
  if (indices.size < maxIndex)
    throw new Error(
      'all address ranges are in use on this machine; choose free ones with --cluster-cidr and --service-cidr',
    );
  throw new Error(
    `there are ${maxIndex} clusters on this machine already; remove one with: ${called} down --purge --name NAME`,
  );
}

const hasLink = (name: string): boolean => name in networkInterfaces() || existsSync(`/sys/class/net/${name}`);
