import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { openHollowRuntime } from '@kubernest/runtime/hollow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from '../types.ts';
import { folderOf, parentOf, podName } from './cgroup-name.ts';
import { systemdSlices } from './cgroup-tree.ts';
import { sliceProperties } from './limit-files.ts';
import { PodCgroups } from './pod-cgroups.ts';
import { podLimits } from './pod-limits.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const podOf = (uid: string, resources: object, more: object = {}): Pod => ({
  metadata: { uid, name: uid, namespace: 'd' },
  spec: { containers: [{ name: 'a', resources }], ...more },
});
const guaranteed = podOf('g-1', { limits: { cpu: '500m', memory: '64Mi' } });
const burstable = podOf('b-1', { requests: { cpu: '250m' }, limits: { memory: '1Gi' } });
const bestEffort = podOf('e-1', {});

describe('the name of a pod’s cgroup', () => {
  it.each([
    ['cgroupfs', 'Guaranteed', '/kubepods/poda-b', 'kubepods/poda-b'],
    ['cgroupfs', 'BestEffort', '/kubepods/besteffort/poda-b', 'kubepods/besteffort/poda-b'],
    [
      'systemd',
      'Burstable',
      'kubepods-burstable-poda_b.slice',
      'kubepods.slice/kubepods-burstable.slice/kubepods-burstable-poda_b.slice',
    ],
  ] as const)('with %s, %s', (driver, qos, parent, folder) => {
    const name = podName('kubepods', qos, 'a-b');
    expect(parentOf(name, driver)).toBe(parent);
    expect(folderOf(name, driver)).toBe(folder);
  });
});

describe('the limits of a pod', () => {
  const sidecar = { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '100m' } } };
  const init = { name: 'i', resources: { requests: { cpu: '2' } } };
  it.each([
    [
      'bounds where all containers are',
      guaranteed,
      { cpuShares: 512, cpuQuotaMicroseconds: 50_000, memoryBytes: 68 * 2 ** 20 },
    ],
    ['no quota without a limit', burstable, { cpuShares: 256, memoryBytes: 1028 * 2 ** 20 }],
    ['nothing asked for', bestEffort, { cpuShares: 2 }],
    [
      'a sidecar beside the others',
      podOf('x', { requests: { cpu: '1' } }, { initContainers: [sidecar] }),
      { cpuShares: 1126 },
    ],
    ['a large init container', podOf('x', {}, { initContainers: [sidecar, init] }), { cpuShares: 2150 }],
    ['overhead', podOf('x', { requests: { cpu: '1' } }, { overhead: { cpu: '1' } }), { cpuShares: 2048 }],
  ])('%s', (_, pod, limits) => {
    expect(podLimits(pod)).toEqual(limits);
  });
});

describe('cgroups of pods', () => {
  let mount: string;
  beforeEach(() => {
    mount = mkdtempSync(join(tmpdir(), 'cgroups-spec-'));
  });
  afterEach(() => rmSync(mount, { recursive: true, force: true }));

  /** A machine as it is found: one `path = content` a line, `path/` for an empty folder. */
  function record(text: string): void {
    for (const line of text.trim().split('\n')) {
      const [path = '', content] = line.trim().split(' = ');
      mkdirSync(join(mount, path.endsWith('/') ? path : dirname(path)), { recursive: true });
      if (content !== undefined) writeFileSync(join(mount, path), content);
    }
  }
  const found = (): string[] =>
    readdirSync(mount, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => `${file.slice(mount.length + 1)} = ${readFileSync(file, 'utf8')}`)
      .sort();
  /** The kernel takes a folder away with its files; a plain one must be emptied first. */
  const emptied = (folder: string): void => {
    for (const name of readdirSync(join(mount, folder))) rmSync(join(mount, folder, name));
  };
  const cgroupsOf = (version: 1 | 2): PodCgroups => {
    const runtime = openHollowRuntime();
    const info = async (c: Context) => ({ ...(await runtime.info(c)), cgroupVersion: version });
    return new PodCgroups({ mount, root: 'kubepods' }, { ...runtime, info });
  };

  it('are folders of version 1, one per controller', async () => {
    record('cpu/\nmemory/\npids/kubepods/podg-1/');
    const cgroups = cgroupsOf(1);
    expect(await cgroups.ensure(guaranteed, ctx)).toBe('/kubepods/podg-1');
    expect(await cgroups.ensure(burstable, ctx)).toBe('/kubepods/burstable/podb-1');
    expect(found()).toEqual([
      'cpu/kubepods/besteffort/cpu.shares = 2',
      'cpu/kubepods/burstable/cpu.shares = 256',
      'cpu/kubepods/burstable/podb-1/cpu.shares = 256',
      'cpu/kubepods/podg-1/cpu.cfs_period_us = 100000',
      'cpu/kubepods/podg-1/cpu.cfs_quota_us = 50000',
      'cpu/kubepods/podg-1/cpu.shares = 512',
      `memory/kubepods/burstable/podb-1/memory.limit_in_bytes = ${1028 * 2 ** 20}`,
      `memory/kubepods/podg-1/memory.limit_in_bytes = ${68 * 2 ** 20}`,
    ]);
    for (const folder of ['cpu/kubepods/podg-1', 'memory/kubepods/podg-1']) emptied(folder);
    await cgroups.remove('g-1', ctx);
    for (const controller of ['cpu', 'memory', 'pids'])
      expect(readdirSync(join(mount, controller, 'kubepods'))).not.toContain('podg-1');
  });

  it('are folders of version 2, with controllers handed down', async () => {
    record('cgroup.controllers = cpuset cpu io memory pids\nsystem.slice/');
    const cgroups = cgroupsOf(2);
    await cgroups.ensure(guaranteed, ctx);
    await cgroups.ensure(bestEffort, ctx);
    expect(found().filter((line) => !line.startsWith('cgroup.controllers'))).toEqual([
      'cgroup.subtree_control = +cpu +memory +pids',
      'kubepods/besteffort/cgroup.subtree_control = +cpu +memory +pids',
      'kubepods/besteffort/cpu.weight = 1',
      'kubepods/besteffort/pode-1/cpu.weight = 1',
      'kubepods/burstable/cpu.weight = 1',
      'kubepods/cgroup.subtree_control = +cpu +memory +pids',
      'kubepods/podg-1/cpu.max = 50000 100000',
      'kubepods/podg-1/cpu.weight = 20',
      `kubepods/podg-1/memory.max = ${68 * 2 ** 20}`,
    ]);
  });

  it('of pods that ended while no agent was there are removed, with those of containers that were lost', async () => {
    record('kubepods/burstable/podold/lost/\nkubepods/burstable/podb-1/\nkubepods/podolder/\nkubepods/besteffort/');
    await cgroupsOf(2).removeOthers((uid) => uid === 'b-1', ctx);
    expect(readdirSync(join(mount, 'kubepods')).sort()).toEqual(['besteffort', 'burstable']);
    expect(readdirSync(join(mount, 'kubepods/burstable'))).toEqual(['podb-1']);
  });

  it('are all taken back in the end', async () => {
    record('kubepods/burstable/podb-1/\nkubepods/podg-1/\nkubepods/besteffort/pode-1/');
    await cgroupsOf(2).teardown(ctx);
    expect(readdirSync(mount)).toEqual([]);
  });

  it('are no reason not to run a pod where none can be made', async () => {
    writeFileSync(join(mount, 'cpu'), 'not a folder');
    expect(await cgroupsOf(1).ensure(guaranteed, ctx)).toBeUndefined();
  });

  it('are slices of systemd, which is told and never written past', async () => {
    record('kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podb_1.slice/cpu.weight = 100');
    const calls: string[] = [];
    const slices = systemdSlices(mount, 2, async (args) => void calls.push(args.join(' ')));
    const before = found();
    await slices.put(podName('kubepods', 'Guaranteed', 'g-1'), podLimits(guaranteed), ctx);
    expect(await slices.list(['kubepods', 'burstable'])).toEqual(['podb_1']);
    await slices.remove(podName('kubepods', 'Burstable', 'b-1'), ctx);
    expect(calls).toEqual([
      `set-property --runtime kubepods-podg_1.slice CPUWeight=20 CPUQuota=50% MemoryMax=${68 * 2 ** 20}`,
      'stop kubepods-burstable-podb_1.slice',
      'revert kubepods-burstable-podb_1.slice',
    ]);
    expect(found()).toEqual(before);
    expect(sliceProperties({ cpuShares: 512, memoryBytes: 7 }, 1)).toEqual(['CPUShares=512', 'MemoryLimit=7']);
  });
});
