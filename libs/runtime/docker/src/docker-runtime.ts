import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Context } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import {
  type ContainerRuntime,
  ContainerStartError,
  type ContainerStats,
  type ImageState,
} from '@kubernest/runtime/contract';
import { AbandonedSessions } from './abandoned-sessions.ts';
import { openAttach } from './attach.ts';
import { readCgroupUsage } from './cgroup-stats.ts';
import { Containers } from './containers.ts';
import { connectEngine, type DockerRuntimeOptions, type Engine } from './engine.ts';
import { engineCall } from './engine-error.ts';
import { engineFacts, runtimeInfo } from './engine-facts.ts';
import { listen } from './event-stream.ts';
import { execToEnd, openExec } from './exec.ts';
import { ExecMark } from './exec-mark.ts';
import { Images } from './images.ts';
import { ownerFilter } from './labels.ts';
import { loadImage } from './load-image.ts';
import { hangUpLost } from './lost-sessions.ts';
import { MadeImages } from './made-images.ts';
import { openPodPort } from './port-forward.ts';
import { Sandboxes } from './sandboxes.ts';
import { Snapshots } from './snapshot.ts';
import { isRunning } from './state.ts';

export type { DockerRuntimeOptions } from './engine.ts';
export type { MadeImage } from './made-image.ts';

export interface DockerRuntime extends ContainerRuntime {
  /** A `docker save` archive, or the tar of a root file system under the name `as`; gzip too. */
  loadImage(source: Readable, as: string | undefined, ctx: Context): Promise<ImageState>;
  /** The image as a `docker save` archive, under the name that was asked for. Throws when it is not here. */
  saveImage(reference: string, ctx: Context): Promise<Readable>;
  /** Makes the sandbox image ahead of the first pod; safe again. */
  prepare(ctx: Context): Promise<void>;
  /** Makes, ahead of the first pod that asks for one, the images that were given as `madeImages`; safe again. */
  makeImages(ctx: Context): Promise<void>;
  /**
   * Hangs up on sessions of an agent of this node that died without doing so; those of this one and of people go on. Waits for the engine
   * until aborted, and resolves when all are found: `sessionsEnded` waits for their end.
   */
  hangUpLostSessions(ctx: Context): Promise<void>;
  /** Resolves when nothing runs any more of sessions whose context has ended; some 10 s at most. Before this process ends. */
  sessionsEnded(): Promise<void>;
  /** Removes, by force, every container and sandbox of this cluster and node, the sandbox image and those that were made. For `down` and for tests. */
  removeAll(ctx: Context): Promise<void>;
}

/** Docker Engine behind the runtime contract. Connects lazily: it may be called before the engine is up. */
export function openDockerRuntime(options: DockerRuntimeOptions): DockerRuntime {
  const engine = connectEngine(options);
  const { docker, owner } = engine;
  const sandboxes = new Sandboxes(engine);
  const containers = new Containers(engine, sandboxes);
  const snapshots = new Snapshots(engine, containers);
  const made = new MadeImages(docker, engine.busyboxPath, options.madeImages ?? []);
  const images = new Images(docker, made);
  const abandoned = new AbandonedSessions();
  const executing = { docker, abandoned, mark: new ExecMark() };
  return {
    name: 'docker',
    info: (ctx) => runtimeInfo(engine, ctx),
    snapshot: (ctx) => snapshots.take(ctx),
    snapshotOf: (podUid, ctx) => snapshots.takeOf(podUid, ctx),
    events: (onEvent, ctx) =>
      snapshots.whileListening(() =>
        listen(
          docker,
          owner,
          (event) => {
            snapshots.forget(event.id);
            onEvent(event);
          },
          ctx,
        ),
      ),
    runSandbox: (config, ctx) => sandboxes.run(config, ctx),
    stopSandbox: (id, ctx) => sandboxes.stop(id, ctx),
    removeSandbox: (id, ctx) => sandboxes.remove(id, ctx),
    createContainer: (config, ctx) => containers.create(config, ctx),
    startContainer: (id, ctx) => containers.start(id, ctx),
    stopContainer: (id, graceSeconds, ctx) => containers.stop(id, graceSeconds, ctx),
    removeContainer: (id, ctx) => containers.remove(id, ctx),
    inspect: (id, ctx) => containers.inspect(id, ctx),
    execSync: (id, command, timeoutSeconds, ctx) => execToEnd(executing, id, command, timeoutSeconds, ctx),
    exec: (id, request, ctx) => openExec(executing, id, request, ctx),
    attach: (id, request, ctx) => openAttach(docker, id, request, ctx),
    async portForward(sandboxId, port, ctx) {
      const info = await containers.inspectRaw(sandboxId, ctx);
      if (!info || !isRunning(info)) throw new ContainerStartError(`sandbox ${sandboxId} does not run`);
      const hostNetwork = info.HostConfig.NetworkMode === 'host';
      return openPodPort({ pid: info.State.Pid, hostNetwork, busyboxPath: engine.busyboxPath }, port, ctx);
    },
    listImages: (ctx) => images.list(ctx),
    findImage: (reference, ctx) => images.find(reference, ctx),
    pullImage: (reference, credentials, ctx) => images.pull(reference, credentials, ctx),
    removeImage: (id, ctx) => images.remove(id, ctx),
    stats: (id, ctx) => containerStats(engine, containers, id, ctx),
    loadImage: (source, as, ctx) => loadImage(docker, images, source, as, ctx),
    saveImage: (reference, ctx) => engineCall(ctx, async () => (await docker.getImage(reference).get()) as Readable),
    async prepare(ctx) {
      await sandboxes.ensureImage(ctx);
    },
    makeImages: (ctx) => made.ensureAll(ctx),
    hangUpLostSessions: (ctx) => hangUpLost(executing, owner, ctx),
    sessionsEnded: () => abandoned.ended(),
    async removeAll(ctx) {
      const filters = JSON.stringify({ label: ownerFilter(owner) });
      const list = await engineCall(ctx, () => docker.listContainers({ all: true, filters }));
      await Promise.all(list.map((entry) => sandboxes.remove(entry.Id, ctx)));
      await sandboxes.removeImages(ctx);
      await made.remove(ctx);
    },
  };
}

async function containerStats(
  engine: Engine,
  containers: Containers,
  id: string,
  ctx: Context,
): Promise<ContainerStats | undefined> {
  const info = await containers.inspectRaw(id, ctx);
  if (!info || !isRunning(info)) return undefined;
  const { version } = await engineFacts(engine, ctx);
  const procCgroup = await ifThere(readFile(`/proc/${info.State.Pid}/cgroup`, 'utf8'));
  if (procCgroup === undefined) return undefined;
  const usage = await readCgroupUsage({ mount: engine.cgroupMount, version, procCgroup });
  return usage && { at: ctx.clock.now(), ...usage };
}
