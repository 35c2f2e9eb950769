import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { claim } from './claim.ts';
import { type ClusterDir, type ClusterFacts, dataFormat, parentOfClusters, readFacts } from './cluster-dir.ts';
import { customaryNodePorts } from './node-ports.ts';
import { maxIndex, rangesOf } from './ranges.ts';

export interface Wishes {
  readonly apiPort: number | undefined;
  readonly store: string | undefined;
}

/**
 * The facts of a cluster that starts: what is kept, or for a first start a choice that collides with nothing seen on this machine.
 * What is chosen is claimed, so that of two that start at once neither gets what the other has.
 */
export async function chooseFacts(dir: ClusterDir, wishes: Wishes): Promise<ClusterFacts> {
  const kept = dir.facts();
  const others = factsOfOthers(dir);
  const takenPorts = new Set(others.flatMap((f) => [f.apiPort, f.kubeletPort]));
  if (kept) {
    // A first start that broke off has put nothing anywhere yet.
    const settled = dir.hasRun() ? kept : { ...kept, store: wishes.store ?? 'sqlite' };
    return { ...(await confirmed(settled, wishes)), kubeletPort: await freePort(kept.kubeletPort, takenPorts) };
  }
  const index = await freeIndex(dir, others);
  if (wishes.apiPort !== undefined) await demandPort(wishes.apiPort);
  return {
    format: dataFormat,
    name: dir.name,
    index,
    apiPort: wishes.apiPort ?? (await freePort(6443, takenPorts)),
    kubeletPort: await freePort(10250, takenPorts),
    store: wishes.store ?? 'sqlite',
    nodePorts: customaryNodePorts,
  };
}

async function confirmed(kept: ClusterFacts, wishes: Wishes): Promise<ClusterFacts> {
  if (wishes.store !== undefined && wishes.store !== kept.store) {
    throw new Error(
      `cluster "${kept.name}" keeps its state in ${kept.store}; --store ${wishes.store} would start an empty one. Use another --name`,
    );
  }
  const facts = wishes.apiPort === undefined ? kept : { ...kept, apiPort: wishes.apiPort };
  await demandPort(facts.apiPort);
  if (!(await claim(`index ${facts.index}`))) {
    throw new Error(
      `another cluster that runs uses the address ranges of "${facts.name}"; stop it, or use another --name`,
    );
  }
  return facts;
}

function factsOfOthers(dir: ClusterDir): ClusterFacts[] {
  const parent = parentOfClusters();
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .map((name) => join(parent, name, 'cluster.json'))
    .filter((file) => existsSync(file) && file !== dir.in('cluster.json'))
    .flatMap(readable);
}

/** One that is damaged is its own cluster's affair, and must not keep this one from starting. */
function readable(file: string): ClusterFacts[] {
  try {
    return [readFacts(file)];
  } catch {
    return [];
  }
}

/** 0 for the cluster named default; others begin at a place that follows from their path, and step on while it is taken. */
async function freeIndex(dir: ClusterDir, others: readonly ClusterFacts[]): Promise<number> {
  const taken = new Set(others.map((f) => f.index));
  const links = new Set(Object.keys(networkInterfaces()));
  const free = async (index: number): Promise<boolean> =>
    !taken.has(index) &&
    !links.has(rangesOf(index).bridge) &&
    !existsSync(`/sys/class/net/${rangesOf(index).bridge}`) &&
    (await claim(`index ${index}`));
  if (dir.name === 'default' && (await free(0))) return 0;
  const start = createHash('sha256').update(dir.path).digest().readUInt16BE(0) % maxIndex;
  for (let step = 0; step < maxIndex; step++) {
    const index = ((start + step) % maxIndex) + 1;
    if (await free(index)) return index;
  }
  throw new Error(
    `there are ${maxIndex} clusters on this machine already; remove one with: kubernest down --purge --name NAME`,
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
