import type { Pod } from '../types.ts';
import { unhonouredFields } from './honoured.ts';
import { isTerminal } from './pod.ts';

/** Why this node ends a pod that it cannot or may no longer run. */
export interface Verdict {
  readonly reason: string;
  /** Of the pod's status. */
  readonly message: string;
  readonly event: { readonly type: 'Normal' | 'Warning'; readonly message: string };
  /** It is sent away from a node that could have kept it: it gets this long, and its status says so. */
  readonly eviction?: { readonly graceSeconds: number };
}

/** A pod that takes more than it may. */
export const evicted = (message: string): Verdict => ({
  reason: 'Evicted',
  message,
  event: { type: 'Warning', message },
  eviction: { graceSeconds: 1 },
});

/** Those that touch the pod's own namespaces only; any other reaches its neighbours. */
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

/** Undefined: it may run, or go on running. */
export function judgePod(pod: Pod, firstSeen: Date, now: Date): Verdict | undefined {
  if (isTerminal(pod)) return undefined;
  const fields = unhonouredFields(pod);
  if (fields.length > 0) return rejected('UnsupportedPodField', `this node does not support ${fields.join(', ')}`);
  const sysctl = pod.spec?.securityContext?.sysctls?.find((each) => !safeSysctls.has(each.name.replaceAll('/', '.')));
  if (sysctl) return rejected('SysctlForbidden', `forbidden sysctl: "${sysctl.name}" not allowlisted`);
  const deadline = deadlineOf(pod, firstSeen);
  if (deadline === undefined || deadline > +now) return undefined;
  const message = 'Pod was active on the node longer than the specified deadline';
  return { reason: 'DeadlineExceeded', message, event: { type: 'Normal', message } };
}

/** A pod that this node does not take. */
export const rejected = (reason: string, message: string): Verdict => ({
  reason,
  message: `Pod was rejected: ${message}`,
  event: { type: 'Warning', message },
});

/** When the pod must have ended (epoch ms). */
export function deadlineOf(pod: Pod, firstSeen: Date): number | undefined {
  const seconds = pod.spec?.activeDeadlineSeconds;
  if (seconds === undefined || isTerminal(pod)) return undefined;
  const start = pod.status?.startTime;
  return (start ? +new Date(start) : +firstSeen) + seconds * 1000;
}
