import { readFile, statfs } from 'node:fs/promises';
import type { Context } from '@kubernest/kit';
import { wireTime } from '@kubernest/meta';
import type { ContainerState, ContainerStats } from '@kubernest/runtime/contract';
import type { NodeParts } from '../pods/node-parts.ts';
import { identityOf, uidOf } from '../pods/pod.ts';
import type { PodWorkers } from '../pods/pod-workers.ts';

interface Usage {
  readonly state: ContainerState;
  readonly stats: ContainerStats;
}

async function usages(parts: NodeParts, ctx: Context): Promise<Usage[]> {
  const running = parts.view.containers().filter((c) => c.state === 'running');
  const all = await Promise.all(
    running.map(async (state) => ({ state, stats: await parts.runtime.stats(state.id, ctx).catch(() => undefined) })),
  );
  return all.filter((u): u is Usage => u.stats !== undefined);
}

interface NodeUsage {
  readonly cpuNanoseconds: number;
  readonly memoryAvailable: number;
  readonly memoryUsage: number;
  readonly bootedAt: Date;
}

/** The whole machine's, from its own books. */
async function nodeUsage(parts: NodeParts): Promise<NodeUsage> {
  const [stat, meminfo] = await Promise.all([readFile('/proc/stat', 'utf8'), readFile('/proc/meminfo', 'utf8')]);
  const ticks = (stat.split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  const busy = ticks.reduce((sum, n, i) => (i === 3 || i === 4 ? sum : sum + n), 0);
  const available = Number(/^MemAvailable:\s+(\d+)/m.exec(meminfo)?.[1] ?? 0) * 1024;
  // The kernel counts in hundredths of a second towards user programs, on every architecture.
  return {
    cpuNanoseconds: busy * 10_000_000,
    memoryAvailable: available,
    memoryUsage: parts.nodeMemoryBytes - available,
    bootedAt: new Date(Number(/^btime (\d+)/m.exec(stat)?.[1] ?? 0) * 1000),
  };
}

const cpuOf = (stats: ContainerStats) => ({
  time: wireTime(stats.at),
  usageCoreNanoSeconds: Math.round(stats.cpuNanoseconds),
});
const memoryOf = (stats: ContainerStats) => ({
  time: wireTime(stats.at),
  usageBytes: stats.memoryUsageBytes,
  workingSetBytes: stats.memoryWorkingSetBytes,
  rssBytes: stats.memoryRssBytes,
});

/** The Summary that monitoring reads from a node. */
export async function statsSummary(workers: PodWorkers, parts: NodeParts, ctx: Context): Promise<unknown> {
  const [all, node, disk] = await Promise.all([usages(parts, ctx), nodeUsage(parts), statfs(parts.podDir('.'))]);
  const time = wireTime(ctx.clock.now());
  const fs = {
    time,
    availableBytes: disk.bavail * disk.bsize,
    capacityBytes: disk.blocks * disk.bsize,
    usedBytes: (disk.blocks - disk.bfree) * disk.bsize,
  };
  return {
    node: {
      nodeName: parts.nodeName,
      startTime: wireTime(node.bootedAt),
      fs,
      cpu: { time, usageCoreNanoSeconds: node.cpuNanoseconds },
      memory: {
        time,
        availableBytes: node.memoryAvailable,
        usageBytes: node.memoryUsage,
        workingSetBytes: node.memoryUsage,
      },
    },
    pods: workers.pods.map((pod) => {
      const own = all.filter((u) => u.state.pod.uid === uidOf(pod));
      const sum = (of: (stats: ContainerStats) => number): number => own.reduce((total, u) => total + of(u.stats), 0);
      return {
        podRef: identityOf(pod),
        startTime: pod.status?.startTime ?? time,
        containers: own.map((u) => ({
          name: u.state.name,
          startTime: wireTime(u.state.startedAt ?? u.state.createdAt),
          cpu: cpuOf(u.stats),
          memory: memoryOf(u.stats),
        })),
        cpu: { time, usageCoreNanoSeconds: Math.round(sum((s) => s.cpuNanoseconds)) },
        memory: {
          time,
          usageBytes: sum((s) => s.memoryUsageBytes),
          workingSetBytes: sum((s) => s.memoryWorkingSetBytes),
          rssBytes: sum((s) => s.memoryRssBytes),
        },
        process_stats: { process_count: sum((s) => s.pids) },
      };
    }),
  };
}

const metric = (name: string, help: string, type: string, lines: readonly string[]): string =>
  [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');

/** What a metrics server scrapes. */
export async function resourceMetrics(workers: PodWorkers, parts: NodeParts, ctx: Context): Promise<string> {
  const [all, node] = await Promise.all([usages(parts, ctx), nodeUsage(parts)]);
  const now = +ctx.clock.now();
  const labels = ({ state }: Usage): string =>
    `{container="${state.name}",namespace="${state.pod.namespace}",pod="${state.pod.name}"}`;
  const pods = workers.pods
    .map((pod) => ({ pod, own: all.filter((u) => u.state.pod.uid === uidOf(pod)) }))
    .filter((p) => p.own.length > 0);
  const podLines = (name: string, of: (stats: ContainerStats) => number): string[] =>
    pods.map(
      ({ pod, own }) =>
        `${name}{namespace="${pod.metadata.namespace}",pod="${pod.metadata.name}"} ${own.reduce((sum, u) => sum + of(u.stats), 0)} ${now}`,
    );
  return [
    metric(
      'container_cpu_usage_seconds_total',
      'Cumulative cpu time consumed by the container in core-seconds',
      'counter',
      all.map((u) => `container_cpu_usage_seconds_total${labels(u)} ${u.stats.cpuNanoseconds / 1e9} ${+u.stats.at}`),
    ),
    metric(
      'container_memory_working_set_bytes',
      'Current working set of the container in bytes',
      'gauge',
      all.map((u) => `container_memory_working_set_bytes${labels(u)} ${u.stats.memoryWorkingSetBytes} ${+u.stats.at}`),
    ),
    metric(
      'container_start_time_seconds',
      'Start time of the container since unix epoch in seconds',
      'gauge',
      all.map((u) => `container_start_time_seconds${labels(u)} ${+(u.state.startedAt ?? u.state.createdAt) / 1000}`),
    ),
    metric('node_cpu_usage_seconds_total', 'Cumulative cpu time consumed by the node in core-seconds', 'counter', [
      `node_cpu_usage_seconds_total ${node.cpuNanoseconds / 1e9} ${now}`,
    ]),
    metric('node_memory_working_set_bytes', 'Current working set of the node in bytes', 'gauge', [
      `node_memory_working_set_bytes ${node.memoryUsage} ${now}`,
    ]),
    metric(
      'pod_cpu_usage_seconds_total',
      'Cumulative cpu time consumed by the pod in core-seconds',
      'counter',
      podLines('pod_cpu_usage_seconds_total', (s) => s.cpuNanoseconds / 1e9),
    ),
    metric(
      'pod_memory_working_set_bytes',
      'Current working set of the pod in bytes',
      'gauge',
      podLines('pod_memory_working_set_bytes', (s) => s.memoryWorkingSetBytes),
    ),
    metric('resource_scrape_error', '1 if there was an error while getting container metrics, 0 otherwise', 'gauge', [
      'resource_scrape_error 0',
    ]),
  ].join('');
}

/** The agent's own figures. */
export function nodeMetrics(workers: PodWorkers, parts: NodeParts): string {
  const containers = parts.view.containers();
  const count = (state: string): number => containers.filter((c) => c.state === state).length;
  const memory = process.memoryUsage().rss;
  return [
    metric('kubelet_node_name', "The node's name. The count is always 1.", 'gauge', [
      `kubelet_node_name{node="${parts.nodeName}"} 1`,
    ]),
    metric('kubelet_running_pods', 'Number of pods that have a running pod sandbox', 'gauge', [
      `kubelet_running_pods ${new Set(containers.filter((c) => c.state === 'running').map((c) => c.pod.uid)).size}`,
    ]),
    metric('kubelet_desired_pods', 'Number of pods bound to this node', 'gauge', [
      `kubelet_desired_pods ${workers.pods.length}`,
    ]),
    metric(
      'kubelet_running_containers',
      'Number of containers by state',
      'gauge',
      ['running', 'exited', 'created'].map((s) => `kubelet_running_containers{container_state="${s}"} ${count(s)}`),
    ),
    metric('process_resident_memory_bytes', 'Resident memory size in bytes.', 'gauge', [
      `process_resident_memory_bytes ${memory}`,
    ]),
    metric('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', 'counter', [
      `process_cpu_seconds_total ${(process.cpuUsage().user + process.cpuUsage().system) / 1e6}`,
    ]),
  ].join('');
}
