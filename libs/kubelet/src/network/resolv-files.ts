import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Informer } from '@kubernest/client';
import { type Context, type Current, messageOf, whenAborted } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import type { Pod, ServiceObject } from '../types.ts';
import { type DnsSettings, type MachineResolver, resolvConf, resolvFault } from './resolv-conf.ts';

export interface ResolvSources {
  readonly dns: DnsSettings;
  readonly machine: Current<MachineResolver>;
  readonly services: Informer<ServiceObject>;
}

/** The pods of a node, and where each keeps its files. */
export interface PodFolders {
  pods(): readonly Pod[];
  podDir(uid: string): string;
}

/**
 * Every pod's /etc/resolv.conf: the cluster's DNS once there is a Service at its address, the machine's servers until then. When either
 * changes, the files of pods that run are written anew, in place: containers have them mounted.
 */
export class ResolvFiles {
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly sources: ResolvSources) {}

  /** Call once Services are known. Returns where the file is; `fault` says what is wrong with it, when it is first written. */
  async write(pod: Pod, folder: string): Promise<{ readonly path: string; readonly fault: string | undefined }> {
    const path = join(folder, 'resolv.conf');
    const before = await ifThere(readFile(path, 'utf8'));
    const text = await this.#write(pod, path, before);
    return { path, fault: before === undefined ? resolvFault(text) : undefined };
  }

  /** Keeps the files of all pods as they should be, until aborted. Call once pods are known. */
  async run(folders: PodFolders, ctx: Context): Promise<void> {
    const { dns, machine, services } = this.sources;
    await services.whenSynced(ctx.signal).catch(() => {});
    if (ctx.signal.aborted) return;
    const rewrite = (): void => {
      this.#writing = this.#writing.then(() => this.#rewrite(folders, ctx));
    };
    const ofDns = (service: ServiceObject): void => {
      if (dns.clusterDns.includes(service.spec?.clusterIP ?? '')) rewrite();
    };
    const unfollow = machine.follow(rewrite);
    const unsubscribe = services.subscribe({ added: ofDns, updated: ofDns, deleted: ofDns });
    rewrite();
    await whenAborted(ctx.signal);
    unfollow();
    unsubscribe();
    await this.#writing;
  }

  async #rewrite({ pods, podDir }: PodFolders, ctx: Context): Promise<void> {
    for (const pod of pods()) {
      if (ctx.signal.aborted) return;
      try {
        const path = join(podDir(pod.metadata.uid ?? ''), 'resolv.conf');
        const before = await ifThere(readFile(path, 'utf8'));
        // One that has none yet gets it with its first container.
        if (before !== undefined) await this.#write(pod, path, before);
      } catch (error) {
        ctx.log.warn('cannot tell a pod whom to ask for names', { pod: pod.metadata.name, error: messageOf(error) });
      }
    }
  }

  /** What changed while it was written is written too. */
  async #write(pod: Pod, path: string, before: string | undefined): Promise<string> {
    let written = before;
    for (let text = this.#textOf(pod); ; text = this.#textOf(pod)) {
      if (text === written) return text;
      await writeFile(path, text, { mode: 0o644 });
      written = text;
    }
  }

  #textOf(pod: Pod): string {
    const { dns, machine, services } = this.sources;
    const addresses = new Set(services.list().map((service) => service.spec?.clusterIP));
    const clusterDns = dns.clusterDns.filter((address) => addresses.has(address));
    return resolvConf(pod, { ...dns, clusterDns }, machine.value);
  }
}
