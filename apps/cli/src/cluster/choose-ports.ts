import { createServer } from 'node:net';
import { UsageError } from '../command/command.ts';
import { holderWords, listenerOn } from '../machine/listeners.ts';
import type { claim } from './claim.ts';
import { ClusterDir } from './cluster-dir.ts';
import type { KnownCluster } from './known-clusters.ts';
import { recordedProcess } from './process-file.ts';

/** Who else is on this machine. */
export interface Neighbours {
  /** Other clusters of this user. */
  readonly known: readonly KnownCluster[];
  readonly claim: typeof claim;
}

/** Claims the port that the API is to have. Throws, with who has it, where it cannot be had. */
export async function demandPort(port: number, { known, claim }: Neighbours): Promise<void> {
  const refusal = await whyNotFree(port);
  if (refusal) throw new Error(`${await refusalWords(port, refusal, known)}; choose another with --api-port`);
  if (!(await claim(`port ${port}`)))
    throw new Error(`port ${port} is already in use by another cluster that starts; choose another with --api-port`);
}

/** Claims the first port from there on that is free, and not left out. */
export async function freePort(
  preferred: number,
  isLeftOut: (port: number) => boolean,
  { claim }: Pick<Neighbours, 'claim'>,
): Promise<number> {
  for (let port = preferred; port < preferred + 500; port++) {
    if (!isLeftOut(port) && !(await whyNotFree(port)) && (await claim(`port ${port}`))) return port;
  }
  throw new Error(`no free port between ${preferred} and ${preferred + 499}`);
}

/** Ports of a Service are none of the cluster's own. */
export function demandOutside(nodePorts: string, port: number, whose: 'API' | 'kubelet'): void {
  if (!holdsPort(nodePorts, port)) return;
  const more = whose === 'API' ? ', or another port with --api-port' : '';
  throw new UsageError(
    `the node ports ${nodePorts} hold ${port}, the port of the ${whose}; choose others with --node-ports${more}`,
  );
}

export function holdsPort(range: string, port: number): boolean {
  const [from = 0, to = 0] = range.split('-').map(Number);
  return from <= port && port <= to;
}

/** Why a port cannot be had, as a sentence begins with it. */
export async function refusalWords(
  port: number,
  refusal: NodeJS.ErrnoException,
  known: readonly KnownCluster[],
): Promise<string> {
  if (refusal.code === 'EACCES') return `this user may not listen on port ${port}, which is the system's`;
  if (refusal.code !== 'EADDRINUSE') return `port ${port} cannot be listened on: ${refusal.message}`;
  const { holder } = await listenerOn(port);
  const cluster = holder && known.find((each) => pidsOf(each).includes(holder.pid));
  const who = cluster?.facts ? `the cluster "${cluster.facts.name}"` : holderWords(holder);
  return `port ${port} is already in use by ${who}`;
}

function pidsOf({ path, facts }: KnownCluster): readonly number[] {
  if (!facts) return [];
  const dir = new ClusterDir(facts.name, path);
  return ['api', 'agent'].flatMap((name) => recordedProcess(dir.pidFile(name))?.pid ?? []);
}

/** What the kernel says to whoever would listen there. */
function whyNotFree(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen({ port, host: '0.0.0.0', exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}
