import { type CgroupLimits, CPU_PERIOD_MICROSECONDS } from './pod-limits.ts';

export interface LimitFile {
  /** The hierarchy of version 1; version 2 has one for all. */
  readonly controller: 'cpu' | 'memory';
  readonly name: string;
  readonly text: string;
}

/** What is written where; in this order, as the kernel checks a quota against its period. */
export function limitFiles(limits: CgroupLimits, version: 1 | 2): LimitFile[] {
  return version === 2 ? filesV2(limits) : filesV1(limits);
}

function filesV1({ cpuShares, cpuQuotaMicroseconds, memoryBytes }: CgroupLimits): LimitFile[] {
  return [
    ...(cpuShares === undefined ? [] : [file('cpu', 'cpu.shares', cpuShares)]),
    ...(cpuQuotaMicroseconds === undefined
      ? []
      : [
          file('cpu', 'cpu.cfs_period_us', CPU_PERIOD_MICROSECONDS),
          file('cpu', 'cpu.cfs_quota_us', cpuQuotaMicroseconds),
        ]),
    ...(memoryBytes === undefined ? [] : [file('memory', 'memory.limit_in_bytes', memoryBytes)]),
  ];
}

function filesV2({ cpuShares, cpuQuotaMicroseconds, memoryBytes }: CgroupLimits): LimitFile[] {
  return [
    ...(cpuShares === undefined ? [] : [file('cpu', 'cpu.weight', weightOf(cpuShares))]),
    ...(cpuQuotaMicroseconds === undefined
      ? []
      : [file('cpu', 'cpu.max', `${cpuQuotaMicroseconds} ${CPU_PERIOD_MICROSECONDS}`)]),
    ...(memoryBytes === undefined ? [] : [file('memory', 'memory.max', memoryBytes)]),
  ];
}

const file = (controller: LimitFile['controller'], name: string, value: string | number): LimitFile => ({
  controller,
  name,
  text: String(value),
});

/** 2…262144 shares become a weight of 1…10000, as the engine's own containers have it. */
export const weightOf = (shares: number): number => 1 + Math.floor(((shares - 2) * 9999) / 262_142);

/** The same as properties of a slice, for systemd. */
export function sliceProperties(limits: CgroupLimits, version: 1 | 2): string[] {
  const { cpuShares, cpuQuotaMicroseconds, memoryBytes } = limits;
  const percent = ((cpuQuotaMicroseconds ?? 0) * 100) / CPU_PERIOD_MICROSECONDS;
  return [
    ...(cpuShares === undefined ? [] : [version === 2 ? `CPUWeight=${weightOf(cpuShares)}` : `CPUShares=${cpuShares}`]),
    ...(cpuQuotaMicroseconds === undefined ? [] : [`CPUQuota=${Number(percent.toFixed(3))}%`]),
    ...(memoryBytes === undefined ? [] : [`${version === 2 ? 'MemoryMax' : 'MemoryLimit'}=${memoryBytes}`]),
  ];
}
