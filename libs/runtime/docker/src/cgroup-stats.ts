import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '@kubernest/process';
import type { ContainerStats } from '@kubernest/runtime/contract';

type CgroupUsage = Omit<ContainerStats, 'at'>;

/** Folder per controller, relative to the cgroup mount; version 2 has one for all, under ''. */
export function parseProcCgroup(text: string): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    for (const controller of controllers.split(',')) folders.set(controller, path);
  }
  return folders;
}

/** `name value` lines, as in memory.stat and cpu.stat. */
export function parseFlatKeyed(text: string): ReadonlyMap<string, number> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line.includes(' '))
      .map((line) => {
        const [key = '', value = ''] = line.split(' ');
        return [key, Number(value)] as const;
      }),
  );
}

export interface CgroupFiles {
  /** Where the cgroup file systems are mounted; `/sys/fs/cgroup`. */
  readonly mount: string;
  readonly version: 1 | 2;
  /** `/proc/<pid>/cgroup` of the container's first process. */
  readonly procCgroup: string;
}

/** Undefined when the cgroup is gone: the container ended while we looked. */
export async function readCgroupUsage(files: CgroupFiles): Promise<CgroupUsage | undefined> {
  const folders = parseProcCgroup(files.procCgroup);
  try {
    return files.version === 2 ? await readV2(files.mount, folders) : await readV1(files.mount, folders);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENODEV'))
      return undefined;
    throw error;
  }
}

const number = async (path: string): Promise<number> => Number((await readFile(path, 'utf8')).trim());

/** A machine may have no pids controller; then the count is unknown, not the rest. */
const optionalNumber = async (path: string): Promise<number> => (await ifThere(number(path))) ?? 0;

async function readV1(mount: string, folders: ReadonlyMap<string, string>): Promise<CgroupUsage> {
  const file = (controller: string, name: string) => join(mount, controller, folders.get(controller) ?? '', name);
  const [cpuNanoseconds, usage, statText, pids] = await Promise.all([
    number(file('cpuacct', 'cpuacct.usage')),
    number(file('memory', 'memory.usage_in_bytes')),
    readFile(file('memory', 'memory.stat'), 'utf8'),
    optionalNumber(file('pids', 'pids.current')),
  ]);
  const stat = parseFlatKeyed(statText);
  return {
    cpuNanoseconds,
    ...memory(usage, stat.get('total_inactive_file'), stat.get('total_rss')),
    pids,
  };
}

async function readV2(mount: string, folders: ReadonlyMap<string, string>): Promise<CgroupUsage> {
  const file = (name: string) => join(mount, folders.get('') ?? '', name);
  const [cpuText, usage, statText, pids] = await Promise.all([
    readFile(file('cpu.stat'), 'utf8'),
    number(file('memory.current')),
    readFile(file('memory.stat'), 'utf8'),
    optionalNumber(file('pids.current')),
  ]);
  const stat = parseFlatKeyed(statText);
  return {
    cpuNanoseconds: (parseFlatKeyed(cpuText).get('usage_usec') ?? 0) * 1000,
    ...memory(usage, stat.get('inactive_file'), stat.get('anon')),
    pids,
  };
}

/** What cannot be taken back without harm: everything but file pages not used lately. */
function memory(usage: number, inactiveFile = 0, rss = 0): Omit<CgroupUsage, 'cpuNanoseconds' | 'pids'> {
  return {
    memoryUsageBytes: usage,
    memoryWorkingSetBytes: Math.max(0, usage - inactiveFile),
    memoryRssBytes: rss,
  };
}
