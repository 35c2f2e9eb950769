import type { DockerRuntime } from '@kubernest/runtime/docker';
import type { ClusterOptions } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import { answers, chooseEngine } from './engine.ts';
import { existingCluster } from './existing-cluster.ts';
import { nodeNameOf } from './programs.ts';
import { runtimeOf } from './session.ts';

export interface ClusterEngine {
  readonly runtime: DockerRuntime;
  readonly socket: string;
  /** It was started for this cluster, and knows no other images. */
  readonly own: boolean;
}

/** The engine that holds a cluster's images. Throws, with what to do, where there is none or it does not answer. */
export async function openClusterEngine(options: ClusterOptions): Promise<ClusterEngine> {
  const { dir, facts } = existingCluster(options);
  if (runtimeOf(dir, facts) === 'hollow')
    throw new Error(`the pods of cluster "${dir.name}" are simulated: it has no images`);
  const { socket, own } = await chooseEngine(dir);
  if (!(await answers(socket)))
    throw new Error(
      own
        ? `the engine of cluster "${dir.name}" does not run; start it with: ${called} up${dir.flags}`
        : `the Docker Engine at ${socket} does not answer`,
    );
  // Loaded only here: every other command starts sooner without it.
  const { openDockerRuntime } = await import('@kubernest/runtime/docker');
  return {
    runtime: openDockerRuntime({ socketPath: socket, cluster: dir.name, node: nodeNameOf(facts) }),
    socket,
    own,
  };
}
