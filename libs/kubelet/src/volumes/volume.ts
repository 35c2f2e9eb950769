import type { FileHandle } from 'node:fs/promises';
import type { Context } from '@kubernest/kit';
import type { DownwardFacts } from '../pods/downward.ts';
import type { ConfigMap, Pod, Secret, Volume } from '../types.ts';

/** Mounting, apart from the rest because only root can. */
export interface Mounter {
  /** A tmpfs at `path`; already one there is success. */
  mountTmpfs(path: string, sizeBytes: number | undefined, ctx: Context): Promise<void>;
  /**
   * Mounts at `path` what `source` is open at, be it a folder or a file, in place of what was mounted there before. Returns what a container
   * is to mount. The caller closes `source` afterwards.
   */
  bind(source: FileHandle, path: string, ctx: Context): Promise<string>;
  /** Not mounted is success. */
  unmount(path: string, ctx: Context): Promise<void>;
  /** Every mount point below `path`, deepest first. */
  mountsBelow(path: string): Promise<readonly string[]>;
}

/** Objects that volumes and environments are made of; whoever asked is woken when one changes. */
export interface ObjectSource {
  configMap(namespace: string, name: string, podUid: string, ctx: Context): Promise<ConfigMap | undefined>;
  secret(namespace: string, name: string, podUid: string, ctx: Context): Promise<Secret | undefined>;
}

export interface TokenSource {
  /** A token that has at least a fifth of its life left, and when to ask again (epoch ms). */
  token(
    pod: Pod,
    request: { readonly audience?: string; readonly expirationSeconds: number },
    ctx: Context,
  ): Promise<{ readonly token: string; readonly refreshAt: number }>;
}

export interface VolumeContext {
  readonly facts: DownwardFacts;
  readonly objects: ObjectSource;
  readonly tokens: TokenSource;
  readonly mounter: Mounter;
}

export interface VolumeSetup {
  /** What containers mount. */
  readonly path: string;
  /** Set up again at this time (epoch ms). */
  readonly refreshAt?: number;
  /** Files are always the agent's to write. */
  readonly readOnly?: boolean;
}

export interface VolumeDriver {
  /** The field of a Volume that chooses this driver. */
  readonly source: 'emptyDir' | 'configMap' | 'secret' | 'projected' | 'downwardAPI' | 'hostPath';
  /** The folder name in Kubernetes' layout of a pod's directory. */
  readonly directory: string;
  /** Makes the volume's content at `dir`, or brings it up to date. Called again after changes and restarts. */
  setUp(volume: Volume, dir: string, volumes: VolumeContext, ctx: Context): Promise<VolumeSetup>;
}
