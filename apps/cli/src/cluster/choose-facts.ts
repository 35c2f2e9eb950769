import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { called } from '../command/command-name.ts';
import { claim } from './claim.ts';
import { type ClusterDir, type ClusterFacts, dataFormat } from './cluster-dir.ts';
import { keptFacts } from './kept-runtime.ts';
import { knownClusters } from './known-clusters.ts';
import { demandApart, demandSame, type Wishes, wishedFor } from './lasting-facts.ts';
import { customaryNodePorts } from './node-ports.ts';
import { maxIndex, rangesOf } from './ranges.ts';

/**
 * The facts of a cluster that starts: what is kept, or for a first start a choice that collides with nothing seen on this machine.
 * What is chosen is claimed, so that of two that start at once neither gets what the other has.
 */
export async function chooseFacts(dir: ClusterDir, wishes: Wishes): Promise<ClusterFacts> {
  const kept = keptFacts(dir);
  const others = factsOfOthers(dir);
  const takenPorts = new Set(others.flatMap((f) => [f.apiPort, f.kubeletPort]));
  if (kept) return { ...(await confirmed(kept, wishes)), kubeletPort: await freePort(kept.kubeletPort, takenPorts) };
  const index = await freeIndex(dir, others);
  if (wishes.apiPort !== undefined) await demandPort(wishes.apiPort);
  const facts: ClusterFacts = {
    format: dataFormat,
    name: dir.name,
    index,
    apiPort: wishes.apiPort ?? (await freePort(6443, takenPorts)),
    kubeletPort: await freePort(10250, takenPorts),
    store: 'sqlite',
    nodePorts: customaryNodePorts,
    ...wishedFor(wishes),
  };
  demandApart(facts, others);
  return facts;
}

async function confirmed(kept: ClusterFacts, wishes: Wishes): Promise<ClusterFacts> {
  demandSame(kept, wishes);
  const facts = wishes.apiPort === undefined ? kept : { ...kept, apiPort: wishes.apiPort };
  await demandPort(facts.apiPort);
  if (!(await claim(`index ${facts.index}`))) {
    throw new Error(
      `another cluster that runs uses the address ranges of "${facts.name}"; stop it, or use another --name`,
    );
  }
  return facts;
}

/** One that is damaged is its own cluster's affair, and must not keep this one from starting. */
const factsOfOthers = (dir: ClusterDir): ClusterFacts[] =>
  knownClusters().flatMap(({ path, facts }) => (facts && path !== dir.path ? [facts] : []));

/** 0 for the cluster named default; others begin at a place that follows from their path, and step on while it is taken. */
async function freeIndex(dir: ClusterDir, others: readonly ClusterFacts[]): Promise<number> {
  const taken = new Set(others.map((f) => f.index));
  const links = new Set(Object.keys(networkInterfaces()));
  const free = async (index: number): Promise<boolean> =>
    !taken.has(index) &&
    !links.has(rangesOf({ index }).bridge) &&
    !existsSync(`/sys/class/net/${rangesOf({ index }).bridge}`) &&
    (await claim(`index ${index}`)) !== undefined;
  if (dir.name === 'default' && (await free(0))) return 0;
  const start = createHash('sha256').update(dir.path).digest().readUInt16BE(0) % maxIndex;
  for (let step = 0; step < maxIndex; step++) {
    const index = ((start + step) % maxIndex) + 1;
    if (await free(index)) return index;
  }
  throw new Error(
    `there are ${maxIndex} clusters on this machine already; remove one with: ${called} down --purge --name NAME`,
  );
}

async function demandPort(port: number): Promise<void> {
  if (!(await portIsFree(port)) || !(await claim(`port ${port}`))) {
    throw new Error(`port ${port} is already in use by another program; choose another with --api-port`);
  }
}

async function freePort(preferred: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = preferred; port < preferred + 500; port++) {
    if (!taken.has(port) && (await portIsFree(port)) && (await claim(`port ${port}`))) return port;
  }
  throw new Error(`no free port between ${preferred} and ${preferred + 499}`);
}

function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '0.0.0.0', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
