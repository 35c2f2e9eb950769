import { readFile, statfs } from 'node:fs/promises';
import { arch, cpus, freemem, totalmem } from 'node:os';
import type { Context } from '@kubernest/kit';
import type { ContainerRuntime, RuntimeInfo } from '@kubernest/runtime/contract';
import { answered, RUNTIME } from '../answered.ts';

/** What a machine is and has just now. */
export interface MachineFacts {
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly memoryAvailableBytes: number;
  readonly diskBytes: number;
  readonly diskAvailableBytes: number;
  readonly pidsMax: number;
  readonly pids: number;
  readonly machineID: string;
  readonly systemUUID: string;
  readonly bootID: string;
  readonly runtime: RuntimeInfo | undefined;
  readonly images: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[];
}

const text = async (path: string): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim();

/** Reads the machine; what the engine knows is left out while it is away. */
export async function readMachine(runtime: ContainerRuntime, dataDir: string, ctx: Context): Promise<MachineFacts> {
  const [info, images] = await Promise.all([
    answered({ who: RUNTIME }, (limited) => runtime.info(limited), ctx).catch(() => undefined),
    answered({ who: RUNTIME }, (limited) => runtime.listImages(limited), ctx).catch(() => []),
  ]);
  const disk = await statfs(info?.rootDir ?? dataDir).catch(() => statfs(dataDir));
  const meminfo = await text('/proc/meminfo');
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1];
  return {
    architecture: { x64: 'amd64', ia32: '386' }[arch() as 'x64'] ?? arch(),
    cpus: cpus().length,
    memoryBytes: totalmem(),
    memoryAvailableBytes: available ? Number(available) * 1024 : freemem(),
    diskBytes: disk.blocks * disk.bsize,
    diskAvailableBytes: disk.bavail * disk.bsize,
    pidsMax: Number(await text('/proc/sys/kernel/pid_max')) || 32_768,
    pids: Number((await text('/proc/loadavg')).split(' ')[3]?.split('/')[1] ?? 0),
    machineID: await text('/etc/machine-id'),
    systemUUID: (await text('/sys/class/dmi/id/product_uuid')) || (await text('/etc/machine-id')),
    bootID: await text('/proc/sys/kernel/random/boot_id'),
    runtime: info,
    images: images
      .filter((i) => i.tags.length + i.digests.length > 0)
      .sort((a, b) => b.sizeBytes - a.sizeBytes)
      .slice(0, 50)
      .map((i) => ({ names: [...i.digests, ...i.tags].slice(0, 5), sizeBytes: i.sizeBytes })),
  };
}
