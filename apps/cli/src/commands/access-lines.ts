import { type Context, messageOf } from '@kubernest/kit';
import { forShell } from '@kubernest/process';
import type { ClusterDir, ClusterFacts } from '../cluster/cluster-dir.ts';
import { dashboardLink } from '../cluster/dashboard-link.ts';
import { previousContext } from '../cluster/previous-context.ts';
import { contextName } from '../cluster/user-kubeconfig.ts';
import { called } from '../command/command-name.ts';

/** How one gets at a cluster that has come up. Never rejects: the cluster is up whether or not a link can be had. */
export async function accessLines(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<readonly string[]> {
  return [
    '',
    `  kubeconfig   ${forShell(dir.adminKubeconfig())}   (context ${contextName(dir)}, now current in yours${beforeWords(dir)})`,
    `  API          https://127.0.0.1:${facts.apiPort}`,
    `  dashboard    ${await linkWords(dir, facts, ctx)}`,
    `               a fresh link at any time: ${called} dashboard${dir.flags}`,
    '               or: kubectl proxy, then http://127.0.0.1:8001/ui/',
    '  try          kubectl get nodes',
    '',
  ];
}

async function linkWords(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<string> {
  try {
    return await dashboardLink(dir, facts, ctx);
  } catch (error) {
    return `https://127.0.0.1:${facts.apiPort}/ui/   (no one-time link: ${messageOf(error)})`;
  }
}

function beforeWords(dir: ClusterDir): string {
  const before = previousContext(dir) ?? '';
  return before === '' ? '' : `; before it was ${before}, which ${called} down${dir.flags} gives back`;
}
