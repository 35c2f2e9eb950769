import { homedir } from 'node:os';
import { join } from 'node:path';
import { addKubeconfigContext, removeKubeconfigContext } from '@kubernest/client';
import type { ClusterDir } from './cluster-dir.ts';

export const contextName = (dir: ClusterDir): string => `kubernest-${dir.name}`;

/** The file other tools would write to: the first of $KUBECONFIG, else ~/.kube/config. */
function userKubeconfig(): string {
  return (
    process.env['KUBECONFIG']?.split(':').find((file) => file !== '') ??
    join(process.env['HOME'] ?? homedir(), '.kube/config')
  );
}

/** Adds the cluster's context to the user's kubeconfig and makes it current. What is there stays. */
export function addContext(dir: ClusterDir): void {
  addKubeconfigContext(userKubeconfig(), { name: contextName(dir), from: dir.adminKubeconfig() });
}

export function removeContext(dir: ClusterDir): void {
  removeKubeconfigContext(userKubeconfig(), contextName(dir));
}
