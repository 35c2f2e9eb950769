import { connect } from 'node:net';
import type { ClusterDir } from './cluster-dir.ts';
import { answers } from './engine.ts';
import { partOf } from './parts.ts';

/** What of a cluster's own engine does not answer though it runs; undefined where all does, where it has ended, and for a cluster without one. */
export const ownEngineFault = async (dir: ClusterDir): Promise<string | undefined> =>
  partOf(dir, 'engine') ? silenceIn(dir.in('docker')) : undefined;

/** The same of the engine whose files are in `folder`. */
export async function silenceIn(folder: string): Promise<string | undefined> {
  if (!(await answers(`${folder}/docker.sock`)))
    return "the cluster's Docker Engine runs and does not answer: containers go on, and nothing starts or is run in them";
  // dockerd answers for itself, whatever became of what it has for the containers.
  if (await isDead(`${folder}/exec/containerd/containerd.sock`))
    return "containerd, a part of the cluster's Docker Engine, does not answer: containers go on, and nothing starts or is run in them until the engine has started it again";
  return undefined;
}

/** Nobody listens. A path that is too long for a socket tells nothing. */
function isDead(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = connect(socket);
    asked.once('connect', () => {
      asked.destroy();
      resolve(false);
    });
    asked.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED' || code === 'ENOENT'));
  });
}
