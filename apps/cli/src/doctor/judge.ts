import { ageWords } from '../cluster/kubectl.ts';
import { engineAdvice } from '../cluster/used-engine.ts';
import { called } from '../command/command-name.ts';
import { judgeRoom } from './judge-room.ts';
import type { MachineFacts } from './machine-facts.ts';

/** One line of the doctor's. */
export interface Finding {
  /** `missing`: the default runtime needs it. `note`: it works, but not all of it, or not here. */
  readonly level: 'ok' | 'missing' | 'note';
  /** What was looked at, in a word or two. */
  readonly what: string;
  readonly found: string;
  /** What it is for. */
  readonly why: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** What of it is well, what is missing for pods with containers, and what to do. */
export function judge(facts: MachineFacts): readonly Finding[] {
  return [
    system(facts),
    glibc(facts),
    root(facts),
    engine(facts),
    ...packages(facts),
    busybox(facts),
    kubectl(facts),
    cgroups(facts),
    overlayfs(facts),
    bridgeNetfilter(facts),
    forwarding(facts),
    ...judgeRoom(facts),
    ...cluster(facts),
  ];
}

/** What this machine can run, in a sentence or two. */
export function verdict(facts: MachineFacts, findings: readonly Finding[]): string {
  const hollow = 'Without root and without Docker, --runtime=hollow works: simulated nodes and pods, the whole API';
  if (facts.refusal) return 'Kubernest does not run on this machine';
  const missing = findings.filter(({ level }) => level === 'missing').map(({ what }) => what);
  if (missing.length === 0) return `this machine has what pods with containers need. ${hollow}`;
  return `pods with containers do not run here: ${missing.join(', ')} missing. ${hollow}`;
}

function system({ refusal, warning, system, arch, node }: MachineFacts): Finding {
  const line = { what: 'system', found: `${system}, ${arch}, Node.js ${node}`, why: 'everything' };
  if (refusal) return { ...line, level: 'missing', advice: refusal };
  return warning ? { ...line, level: 'note', advice: warning } : { ...line, level: 'ok' };
}

function glibc({ glibc }: MachineFacts): Finding {
  const line = { what: 'glibc', why: 'the Node.js that npm brings' };
  if (glibc) return { ...line, level: 'ok', found: glibc };
  return { ...line, level: 'note', found: 'none', advice: 'keep a Node.js 26 of this Linux first in PATH' };
}

function root({ isRoot }: MachineFacts): Finding {
  const line = { what: 'root', why: 'the pod network and Service addresses' };
  if (isRoot) return { ...line, level: 'ok', found: 'yes' };
  return { ...line, level: 'missing', found: 'no', advice: 'run it with sudo, or use --runtime=hollow' };
}

function engine({ engine, lostEngine, dockerd }: MachineFacts): Finding {
  const line = { what: 'Docker Engine', why: 'containers' };
  if (lostEngine)
    return {
      ...line,
      level: 'missing',
      found: `the one at ${lostEngine}, which the cluster uses, does not answer`,
      advice: engineAdvice,
    };
  if (engine) return { ...line, level: 'ok', found: `${engine.version} at ${engine.socket}` };
  if (dockerd)
    return { ...line, level: 'ok', found: `none answers; ${dockerd} is there, and a cluster starts its own` };
  const advice = `${install(['docker.io'])}, or use --runtime=hollow`;
  return { ...line, level: 'missing', found: 'none answers, and there is no dockerd', advice };
}

/** Told elsewhere in more words. */
const elsewhere = ['docker.io', 'busybox-static', 'kubernetes-client'];

const packages = ({ packages }: MachineFacts): readonly Finding[] =>
  packages
    .filter(({ name }) => !elsewhere.includes(name))
    .map(({ name, why, isThere }) =>
      isThere
        ? { level: 'ok', what: name, found: 'there', why }
        : { level: 'missing', what: name, found: 'not there', why, advice: install([name]) },
    );

function busybox({ busybox }: MachineFacts): Finding {
  const line = { what: 'busybox', why: 'the first process of every pod' };
  const advice = install(['busybox-static']);
  if (!busybox) return { ...line, level: 'missing', found: 'not there', advice };
  if (busybox.isStatic) return { ...line, level: 'ok', found: busybox.path };
  return { ...line, level: 'missing', found: `${busybox.path} is not statically linked`, advice };
}

/** Nothing runs on it: the API is there for any client. */
function kubectl({ kubectl, typedKubectl }: MachineFacts): Finding {
  const line = { what: 'kubectl', why: 'commands to the cluster' };
  if (!kubectl) return { ...line, level: 'note', found: 'not in PATH', advice: install(['kubernetes-client']) };
  const asked = typedKubectl ?? kubectl;
  const found = `1.${asked.minor} at ${asked.path}`;
  const age = ageWords(asked)?.replace(/^note: /, '');
  if (!age) return { ...line, level: 'ok', found };
  const isNearer = kubectl.path !== asked.path && !ageWords(kubectl);
  const way = isNearer ? `${called} kubectl runs ${kubectl.path}, which fits; or put that first in PATH` : age;
  return { ...line, level: 'note', found, advice: way };
}

function cgroups({ cgroupVersion, engine }: MachineFacts): Finding {
  const line = { what: 'cgroups', why: 'limits of containers' };
  const driver = engine ? `, driver ${engine.cgroupDriver}` : '';
  if (cgroupVersion) return { ...line, level: 'ok', found: `version ${cgroupVersion}${driver}` };
  return { ...line, level: 'missing', found: 'not mounted', advice: 'mount -t cgroup2 none /sys/fs/cgroup' };
}

function overlayfs({ hasOverlay, engine }: MachineFacts): Finding {
  const line = { what: 'overlayfs', why: 'layers of images' };
  if (engine) return { ...line, level: 'ok', found: `the engine uses ${engine.storageDriver}` };
  if (hasOverlay) return { ...line, level: 'ok', found: 'known to the kernel' };
  const advice = 'modprobe overlay; without it an engine copies each layer';
  return { ...line, level: 'note', found: 'not loaded', advice };
}

function bridgeNetfilter({ bridgeNf }: MachineFacts): Finding {
  const line = { what: 'br_netfilter', why: 'Services that lead to pods of the same node' };
  if (bridgeNf !== undefined) return { ...line, level: 'ok', found: setting(bridgeNf) };
  return { ...line, level: 'note', found: 'not loaded', advice: 'modprobe br_netfilter; a start tries that too' };
}

function forwarding({ ipForward }: MachineFacts): Finding {
  const line = { what: 'ip_forward', why: 'pods that reach the outside' };
  if (ipForward !== undefined) return { ...line, level: 'ok', found: setting(ipForward) };
  const found = 'the kernel does not have it';
  return { ...line, level: 'missing', found, advice: 'use a kernel with IPv4 forwarding' };
}

const setting = (value: string): string => (value === '1' ? 'on' : 'off; a start turns it on');

function cluster({ cluster }: MachineFacts): readonly Finding[] {
  if (!cluster) return [];
  const line = { what: `cluster ${cluster.name}`, why: 'what you run' };
  if (cluster.unwell.length === 0) return [{ ...line, level: 'ok', found: cluster.state }];
  return cluster.unwell.map((found) => ({ ...line, level: 'note', found }));
}

const install = (names: readonly string[]): string => `apt-get install ${names.join(' ')}`;
