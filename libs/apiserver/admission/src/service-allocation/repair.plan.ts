import { ipv4Number, ipv4Text, type KubeObject, keyOf } from '@kubernest/meta';
import type { Entry } from '@kubernest/store/contract';
import { contains, type NumberRange } from './ranges.ts';
import { type Allocated, allocatedBy, heldKeys, type ServiceDraft } from './service-draft.ts';

export interface Allocatable {
  readonly addresses: NumberRange;
  readonly nodePorts: NumberRange;
}

/** What people are told about a Service, in Kubernetes' words. */
export interface AllocationFault {
  readonly service: KubeObject;
  readonly reason: string;
  readonly message: string;
}

export interface RepairPlan {
  /** Held by no Service. */
  readonly free: readonly Entry[];
  readonly restore: readonly { readonly key: string; readonly owner: string; readonly fault: AllocationFault }[];
  /** What only people can mend. */
  readonly faults: readonly AllocationFault[];
}

/** Compares the keys with what Services say. The Services must not be older than the keys: what they do not hold, nobody holds. */
export function planRepair(services: readonly ServiceDraft[], keys: readonly Entry[], within: Allocatable): RepairPlan {
  const owners = new Map(keys.map(({ key, value }) => [key, Buffer.from(value).toString()]));
  const holders = holdersOf(services);
  const restore: RepairPlan['restore'][number][] = [];
  const faults: AllocationFault[] = [];
  for (const [key, all] of holders) {
    const what = allocatedBy(key);
    if (!isWithin(what, within)) {
      faults.push(...all.map((service) => outOfRange(service, what, within)));
      continue;
    }
    const owner = all.find((service) => keyOf(service) === owners.get(key)) ?? all[0]!;
    if (!owners.has(key)) restore.push({ key, owner: keyOf(owner), fault: notAllocated(owner, what) });
    faults.push(...all.filter((service) => service !== owner).map((service) => alreadyAllocated(service, what)));
  }
  return { free: keys.filter(({ key }) => !holders.has(key)), restore, faults };
}

/** By key; the oldest first. */
function holdersOf(services: readonly ServiceDraft[]): Map<string, ServiceDraft[]> {
  const age = ({ metadata }: ServiceDraft) => metadata.creationTimestamp ?? '';
  const holders = new Map<string, ServiceDraft[]>();
  for (const service of services.toSorted((a, b) => (age(a) < age(b) ? -1 : age(a) > age(b) ? 1 : 0))) {
    for (const key of heldKeys(service)) {
      const same = holders.get(key);
      if (same) same.push(service);
      else holders.set(key, [service]);
    }
  }
  return holders;
}

function isWithin(what: Allocated, { addresses, nodePorts }: Allocatable): boolean {
  return 'address' in what ? contains(addresses, ipv4Number(what.address)) : contains(nodePorts, what.port);
}

const nameOf = (what: Allocated): string =>
  'address' in what ? `Cluster IP [IPv4]: ${what.address}` : `Port ${what.port}`;
const reasonOf = (what: Allocated, reason: string): string => `${'address' in what ? 'ClusterIP' : 'Port'}${reason}`;

function notAllocated(service: KubeObject, what: Allocated): AllocationFault {
  return { service, reason: reasonOf(what, 'NotAllocated'), message: `${nameOf(what)} is not allocated; repairing` };
}

function alreadyAllocated(service: KubeObject, what: Allocated): AllocationFault {
  const message = `${nameOf(what)} was assigned to multiple services; please recreate service`;
  return { service, reason: reasonOf(what, 'AlreadyAllocated'), message };
}

function outOfRange(service: KubeObject, what: Allocated, { addresses, nodePorts }: Allocatable): AllocationFault {
  const range =
    'address' in what
      ? `service range ${ipv4Text(addresses.first)}-${ipv4Text(addresses.last)}`
      : `port range ${nodePorts.first}-${nodePorts.last}`;
  const message = `${nameOf(what)} is not within the ${range}; please recreate service`;
  return { service, reason: reasonOf(what, 'OutOfRange'), message };
}
