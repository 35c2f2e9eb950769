import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { arch, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { type Context, messageOf } from '@kubernest/kit';
import { refusalOf, thisMachine, warningOf } from '../../../../tools/bootstrap/machine.cjs';
import { clusterPackages } from '../../../../tools/bootstrap/packages.mjs';
import type { ClusterDir, ClusterFacts } from '../cluster/cluster-dir.ts';
import { dockerdFile } from '../cluster/engine.ts';
import { findKubectl, findTyped } from '../cluster/kubectl.ts';
import { reportOf } from '../cluster/report/report.ts';
import { usedEngine } from '../cluster/used-engine.ts';
import { listenerOn } from '../machine/listeners.ts';
import { defaultLink, machineRoutes } from '../machine/routes.ts';
import { readEngine } from './engine-facts.ts';
import type { ClusterState, DiskFacts, MachineFacts, PortFacts } from './machine-facts.ts';

/** Reads the machine, and asks a cluster that is there how it is. Changes nothing. */
export async function readMachine(dir: ClusterDir, ctx: Context): Promise<MachineFacts> {
  const { facts, fault } = factsOf(dir);
  const used = facts && (await usedEngine(dir));
  const [engine, kubectl, typedKubectl, disk, ports, cluster] = await Promise.all([
    readEngine(used?.socket),
    findKubectl(process.env['PATH'] ?? ''),
    findTyped(process.env['PATH'] ?? ''),
    readDisk(dir.path),
    readPorts(facts),
    facts ? readCluster(dir, facts, ctx) : undefined,
  ]);
  const machine = thisMachine();
  return {
    ...(await readKernel()),
    arch: arch(),
    node: process.versions.node,
    glibc: glibcVersion(),
    refusal: refusalOf(machine),
    warning: warningOf(machine),
    isRoot: process.getuid?.() === 0,
    engine,
    lostEngine: used && !used.answers ? used.socket : undefined,
    dockerd: dockerdFile(),
    packages: clusterPackages.map((one) => ({ name: one.name, why: one.why, isThere: one.there() })),
    busybox: await readBusybox(),
    kubectl,
    typedKubectl,
    disk,
    ports,
    defaultRoute: defaultLink(machineRoutes()),
    resolvers: await readResolvers(),
    hasSystemd: existsSync('/run/systemd/system'),
    cluster: fault ? { name: dir.name, state: 'unwell', pids: [], unwell: [fault] } : cluster,
  };
}

/** A damaged cluster is what a doctor is asked about. */
function factsOf(dir: ClusterDir): { readonly facts?: ClusterFacts; readonly fault?: string } {
  try {
    return { facts: dir.facts() };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

async function readCluster(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<ClusterState> {
  const { name, state, processes, unwell } = await reportOf(dir, facts, ctx);
  return { name, state, unwell, pids: processes.flatMap(({ pid }) => pid ?? []) };
}

async function readKernel() {
  const [os, meminfo, filesystems, bridgeNf, ipForward] = await Promise.all([
    text('/etc/os-release'),
    text('/proc/meminfo'),
    text('/proc/filesystems'),
    text('/proc/sys/net/bridge/bridge-nf-call-iptables'),
    text('/proc/sys/net/ipv4/ip_forward'),
  ]);
  const pretty = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(os ?? '')?.[1] ?? process.platform;
  return {
    system: `${pretty}, kernel ${release()}`,
    memory: {
      all: totalmem(),
      available: Number(/^MemAvailable:\s+(\d+) kB/m.exec(meminfo ?? '')?.[1] ?? 0) * 1024,
    },
    cgroupVersion: cgroupVersion(),
    hasOverlay: /^nodev\s+overlay$/m.test(filesystems ?? ''),
    bridgeNf,
    ipForward,
  };
}

function cgroupVersion(): 1 | 2 | undefined {
  if (existsSync('/sys/fs/cgroup/cgroup.controllers')) return 2;
  return existsSync('/sys/fs/cgroup/memory') ? 1 : undefined;
}

function glibcVersion(): string | undefined {
  // The types do not know it. Without it the names of all peers are looked up.
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report;
  report.excludeNetwork = true;
  const { header } = report.getReport() as { readonly header?: { readonly glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime;
}

async function readBusybox(): Promise<MachineFacts['busybox']> {
  const path = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));
  if (!path) return undefined;
  // Loaded only here: every other command starts sooner without it.
  const { isStaticElf } = await import('@kubernest/runtime/docker');
  return { path, isStatic: isStaticElf(await readFile(path)) };
}

async function readDisk(dataDir: string): Promise<DiskFacts> {
  let path = dataDir;
  while (!existsSync(path)) path = dirname(path);
  const { blocks, bsize, bavail, files, ffree } = await statfs(path);
  return { path, bytes: blocks * bsize, freeBytes: bavail * bsize, inodes: files, freeInodes: ffree };
}

async function readPorts(facts: ClusterFacts | undefined): Promise<readonly PortFacts[]> {
  const wanted = [
    { port: facts?.apiPort ?? 6443, purpose: 'the API', isKept: facts !== undefined },
    { port: facts?.kubeletPort ?? 10250, purpose: 'logs and exec of pods', isKept: false },
  ];
  return Promise.all(wanted.map(async (one) => ({ ...one, ...(await listenerOn(one.port)) })));
}

/** systemd-resolved keeps the servers it asks itself in a file of its own. */
async function readResolvers(): Promise<readonly string[]> {
  for (const file of ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']) {
    const servers = [...((await text(file)) ?? '').matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].map(
      (match) => match[1]!,
    );
    const outside = servers.filter((server) => !/^(127\.|::1$)/.test(server));
    if (outside.length > 0) return outside;
  }
  return [];
}

const text = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').then(
    (read) => read.trim(),
    () => undefined,
  );
