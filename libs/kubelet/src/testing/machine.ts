import { mkdirSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Context } from '@kubernest/kit';
import type { SandboxConfig } from '@kubernest/runtime/contract';
import type { HollowRuntime } from '@kubernest/runtime/hollow';
import type { CgroupTree } from '../cgroups/cgroup-tree.ts';
import type { Mounter } from '../volumes/volume.ts';

/** Mounts that are only noted. */
export class HollowMounter implements Mounter {
  readonly mounted = new Set<string>();

  async mountTmpfs(path: string): Promise<void> {
    // In one: nothing is mounted at what was removed meanwhile.
    mkdirSync(path, { recursive: true });
    this.mounted.add(path);
  }

  async bind(_source: FileHandle, path: string): Promise<string> {
    await this.mountTmpfs(path);
    return path;
  }

  async unmount(path: string): Promise<void> {
    this.mounted.delete(path);
  }

  async mountsBelow(path: string): Promise<readonly string[]> {
    return [...this.mounted].filter((each) => each.startsWith(`${path}/`)).sort((a, b) => b.length - a.length);
  }
}

/** Cgroups that are only noted, by their path. */
export class HollowCgroups implements CgroupTree {
  readonly made = new Set<string>();
  #taken = Promise.withResolvers<void>();

  async put(name: readonly string[]): Promise<void> {
    this.made.add(name.join('/'));
  }

  async remove(name: readonly string[]): Promise<void> {
    const path = name.join('/');
    if (!this.made.delete(path) || !path.includes('/pod')) return;
    this.#taken.resolve();
    this.#taken = Promise.withResolvers<void>();
  }

  /** Resolves when the next one of a pod is taken away. */
  get nextTaken(): Promise<void> {
    return this.#taken.promise;
  }

  async list(name: readonly string[]): Promise<readonly string[]> {
    const prefix = `${name.join('/')}/`;
    return [...this.made].flatMap((each) => (each.startsWith(prefix) ? [each.slice(prefix.length)] : []));
  }

  /** Those of pods. */
  get ofPods(): readonly string[] {
    return [...this.made].filter((each) => each.includes('/pod'));
  }

  /** An engine makes a pod's cgroup again when it is not there. */
  madeAgainBy(runtime: HollowRuntime): HollowRuntime {
    const { runSandbox, startContainer } = runtime;
    const again = (config: SandboxConfig | undefined): void => {
      if (config?.cgroupParent) this.made.add(config.cgroupParent.slice(1));
    };
    return Object.assign(runtime, {
      runSandbox: async (config: SandboxConfig, ctx: Context) => {
        const sandbox = await runSandbox(config, ctx);
        again(config);
        return sandbox;
      },
      startContainer: async (id: string, ctx: Context) => {
        await startContainer(id, ctx);
        again(runtime.sandboxConfigOf(runtime.configOf(id)?.sandboxId ?? ''));
      },
    });
  }
}
