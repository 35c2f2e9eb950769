import { lstat, mkdir, readdir, readlink, rm, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ifThere } from '@kubernest/process';
import type { ContainerState, PodIdentity } from '@kubernest/runtime/contract';

/**
 * The node's logs as foreign agents expect them: `pods/<ns>_<name>_<uid>/<container>/<attempt>.log` points to the engine's own file and
 * `containers/<pod>_<ns>_<container>-<id>.log` to that. Nothing is written twice.
 */
export class LogLinks {
  constructor(private readonly logDir: string) {}

  podDir(pod: PodIdentity): string {
    return join(this.logDir, 'pods', `${pod.namespace}_${pod.name}_${pod.uid}`);
  }

  async add(state: ContainerState): Promise<void> {
    if (!state.logPath) return;
    const own = join(this.podDir(state.pod), state.name, `${state.attempt}.log`);
    await link(state.logPath, own);
    await link(own, this.#flat(state));
  }

  async remove(state: ContainerState): Promise<void> {
    await rm(this.#flat(state), { force: true });
    await rm(join(this.podDir(state.pod), state.name, `${state.attempt}.log`), { force: true });
  }

  /** After the pod is gone: its folder, and every flat name that leads nowhere because of it. */
  async removePod(uid: string): Promise<void> {
    const pods = join(this.logDir, 'pods');
    const own = ((await ifThere(readdir(pods))) ?? []).filter((name) => name.endsWith(`_${uid}`));
    for (const name of own) {
      const [namespace, pod] = name.split('_');
      await this.#removeFlat(`${pod}_${namespace}_`, join(pods, name));
      await rm(join(pods, name), { recursive: true, force: true });
    }
  }

  async #removeFlat(prefix: string, dir: string): Promise<void> {
    const flat = join(this.logDir, 'containers');
    for (const name of (await ifThere(readdir(flat))) ?? []) {
      if (!name.startsWith(prefix)) continue;
      const target = await readlink(join(flat, name)).catch(() => '');
      if (target.startsWith(`${dir}/`)) await rm(join(flat, name), { force: true });
    }
  }

  #flat({ pod, name, id }: ContainerState): string {
    return join(this.logDir, 'containers', `${pod.name}_${pod.namespace}_${name}-${id}.log`);
  }
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ((await readlink(path).catch(() => undefined)) === target) return;
  if (await ifThere(lstat(path))) await unlink(path);
  await symlink(target, path);
}
