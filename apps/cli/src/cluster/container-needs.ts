import { clusterPackages } from '../../../../tools/bootstrap/packages.mjs';
import { called } from '../command/command-name.ts';
import type { ClusterDir } from './cluster-dir.ts';
import { chooseEngine, dockerdFile } from './engine.ts';
import { faultOfEnginePath } from './engine-path.ts';

/** What this machine and user have of what pods with containers need. */
export interface ContainerNeeds {
  readonly isRoot: boolean;
  /** One was found that answers, or this cluster used one that was. */
  readonly hasFoundEngine: boolean;
  /** To start an engine with. */
  readonly dockerd: string | undefined;
  readonly missing: readonly { readonly name: string; readonly why: string }[];
}

/** Why no pod with containers can run here, and what to do, in a sentence; undefined where they can. */
export function refusalOfContainers(
  needs: ContainerNeeds,
  { flags, path }: Pick<ClusterDir, 'flags' | 'path'>,
): string | undefined {
  const { isRoot, hasFoundEngine, dockerd, missing } = needs;
  const instead = `start one with simulated nodes and pods, which needs neither root nor Docker: ${called} up --runtime=hollow${flags}`;
  if (!isRoot)
    return `pods with containers need root, for the pod network and Service addresses, whoever runs the Docker Engine: use sudo, or ${instead}`;
  if (!hasFoundEngine && !dockerd)
    return `no Docker Engine answers, and there is no dockerd to start one with: run apt-get install docker.io, or ${instead}`;
  const fault = hasFoundEngine ? undefined : faultOfEnginePath(path);
  if (fault)
    return `the data directory ${path} ${fault}, and none runs here that could be used: choose another with --data-dir, or ${instead}`;
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name }) => name).join(' ');
  const what = missing.map(({ name, why }) => `${name} (${why})`).join(', ');
  return `missing for pods with containers: ${what}: run apt-get install ${names}, go on without by --no-install, or ${instead}`;
}

/** Asks before anything is made. `goesOnWithout`: packages that are missing are known to be. */
export async function demandContainers(dir: ClusterDir, goesOnWithout: boolean): Promise<void> {
  const needs: ContainerNeeds = {
    isRoot: process.getuid?.() === 0,
    hasFoundEngine: !(await chooseEngine(dir)).own,
    dockerd: dockerdFile(),
    missing: goesOnWithout ? [] : clusterPackages.filter(({ name, there }) => isVital(name) && !there()),
  };
  const refusal = refusalOfContainers(needs, dir);
  if (refusal) throw new Error(refusal);
}

/** Told in other words, and what nothing in the cluster runs on. */
const isVital = (name: string): boolean => !['docker.io', 'kubernetes-client'].includes(name);
