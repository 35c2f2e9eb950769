import type { Context } from '@kubernest/kit';
import type { RuntimeInfo } from '@kubernest/runtime/contract';
import type { Engine } from './engine.ts';
import { engineCall } from './engine-error.ts';

interface EngineInfo {
  readonly ServerVersion: string;
  readonly CgroupVersion?: string;
  readonly CgroupDriver: string;
  readonly OperatingSystem: string;
  readonly KernelVersion: string;
  readonly DockerRootDir: string;
}

export async function runtimeInfo(engine: Engine, ctx: Context): Promise<RuntimeInfo> {
  const info = (await engineCall(ctx, () => engine.docker.info())) as EngineInfo;
  const driver = info.CgroupDriver === 'systemd' ? 'systemd' : 'cgroupfs';
  const version = info.CgroupVersion === '2' ? 2 : 1;
  engine.cgroup = { version, driver };
  return {
    name: 'docker',
    version: info.ServerVersion,
    cgroupVersion: version,
    cgroupDriver: driver,
    operatingSystem: info.OperatingSystem,
    kernelVersion: info.KernelVersion,
    rootDir: info.DockerRootDir,
  };
}

/** Asked once: an engine's cgroup set-up changes only with the machine's. */
export async function engineFacts(engine: Engine, ctx: Context): Promise<NonNullable<Engine['cgroup']>> {
  if (!engine.cgroup) await runtimeInfo(engine, ctx);
  return engine.cgroup ?? { version: 1, driver: 'cgroupfs' };
}
