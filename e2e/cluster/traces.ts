import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './test-cluster.ts';

/** Decided at a cluster's first start. */
export function factsOf(dataDir: string): {
  readonly index: number;
  readonly apiPort: number;
  readonly kubeletPort: number;
  readonly nodePorts: string;
  readonly store: string;
  readonly runtime: string;
  readonly hollowNodes: number;
} {
  return JSON.parse(readFileSync(join(dataDir, 'cluster.json'), 'utf8'));
}

/** What one cluster has on this machine: processes, mounts, links, rules. */
export async function tracesOf(dataDir: string, index: number): Promise<string[]> {
  const lines = async (command: string, ...args: string[]): Promise<string[]> =>
    (await run(command, args)).stdout.split('\n');
  const processes = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(`${dataDir}/`));
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const ours = new RegExp(`kn-br${index}\\b|\\bKN${index}-`);
  return [
    ...processes.map((pid) => `${pid} ${commandOf(pid)}`),
    ...mounts.filter((line) => line.includes(`${dataDir}/`)),
    ...[...(await lines('ip', '-o', 'link')), ...(await lines('iptables-save'))].filter((line) => ours.test(line)),
  ];
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // ended meanwhile
  }
}
