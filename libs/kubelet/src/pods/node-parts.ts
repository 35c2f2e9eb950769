import type { Client } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import type { ContainerRuntime, PodNetwork } from '@kubernest/runtime/contract';
import type { PodCgroups } from '../cgroups/pod-cgroups.ts';
import type { PodEventRecorder } from '../events/pod-events.ts';
import type { Images } from '../images/images.ts';
import type { LogLinks } from '../logs/log-links.ts';
import type { DnsSettings } from '../network/resolv-conf.ts';
import type { ResolvFiles } from '../network/resolv-files.ts';
import type { ServiceObject } from '../types.ts';
import type { Mounter, ObjectSource, TokenSource } from '../volumes/volume.ts';
import type { RuntimeView } from './runtime-view.ts';

/** What every pod's worker shares. */
export interface NodeParts {
  readonly client: Client;
  readonly runtime: ContainerRuntime;
  readonly view: RuntimeView;
  readonly network: PodNetwork;
  /** Undefined: pods run below the engine's own cgroup. */
  readonly cgroups: PodCgroups | undefined;
  readonly images: Images;
  readonly events: PodEventRecorder;
  readonly objects: ObjectSource & { release(podUid: string): void };
  readonly tokens: TokenSource & { release(podUid: string): void };
  readonly mounter: Mounter;
  readonly links: LogLinks;
  /** Services of a namespace; waits until they are known. */
  services(namespace: string, ctx: Context): Promise<readonly ServiceObject[]>;
  readonly nodeName: string;
  readonly hostIPs: readonly string[];
  readonly dns: DnsSettings;
  readonly resolv: ResolvFiles;
  readonly nodeMemoryBytes: number;
  allocatable(): Readonly<Record<string, string>>;
  /** `<data-dir>/pods`: what every pod has on this machine, by uid. */
  readonly podsDir: string;
  /** `<data-dir>/pods/<uid>` */
  podDir(uid: string): string;
  /** Where `localhostProfile`s lie. */
  readonly seccompDir: string;
  readonly log: { readonly maxBytes: number; readonly maxFiles: number };
}
