import type { AdmissionCall, AdmissionPlugin, ApiCore, Joined, ObjectReader } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { clone, type FieldError, internalError, invalid, ipv4Number, ipv4Text, keyOf } from '@kubernest/meta';
import { allocateHealthCheckPort } from './health-check-port.ts';
import { allocateNodePorts } from './node-ports.ts';
import { isTaken, type Pool, pickUnclaimed } from './pool.ts';
import { addressRange, bandLast, contains, type NumberRange, staticBand } from './ranges.ts';
import {
  addressKey,
  allocatedBy,
  heldKeys,
  nodePortKeys,
  type ServiceDraft,
  wantsAddress,
  wantsHealthCheckPort,
} from './service-draft.ts';

export interface AllocationRanges {
  /** `10.96.0.0/16` */
  readonly serviceCidr: string;
  /** `{ first: 30000, last: 32767 }` */
  readonly nodePorts: NumberRange;
  /** The part of `nodePorts` that is handed out first, so that clusters of one machine rarely meet; absent: none. */
  readonly ownNodePorts?: NumberRange;
}

type Spec = NonNullable<ServiceDraft['spec']>;

const services = { group: '', resource: 'services' };

/** Cluster addresses and node ports: one key each, taken and given back in the Service's own transaction. */
export function serviceAllocation(ranges: AllocationRanges, core: Pick<ApiCore, 'store'>): AdmissionPlugin {
  const addresses = addressRange(ranges.serviceCidr);
  return {
    name: 'service-allocation',
    sees: { resources: ['services'], on: ['create', 'update', 'delete'] },
    mutate: (call) => keepAllocated(call),
    async joins(call, read, ctx) {
      const before = heldKeys(call.old as ServiceDraft | undefined);
      const draft = call.object as ServiceDraft | undefined;
      if (!draft) return call.old?.metadata.finalizers?.length ? undefined : release(before);
      const leaves = draft.metadata.deletionTimestamp !== undefined && !draft.metadata.finalizers?.length;
      if (leaves) return release(before);
      const taken = takenKeys(read, keyOf(draft));
      const isNew = call.operation === 'create';
      const asked = draft.spec;
      draft.spec = clone(asked);
      await allocate(draft, { isNew, before, taken, store: core.store, addresses, ...portsOf(ranges) }, ctx);
      const lost = () => {
        draft.spec = asked;
      };
      return exchange(before, heldKeys(draft), { owner: keyOf(draft), lost });
    },
  };
}

function portsOf({ nodePorts, ownNodePorts }: AllocationRanges): Pick<Pool, 'nodePorts' | 'handedOut'> {
  const band = staticBand(nodePorts.last - nodePorts.first + 1, 32, 16, 128);
  return { nodePorts, handedOut: [...(ownNodePorts ? [ownNodePorts] : []), ...bandLast(nodePorts, band)] };
}

/** An update that leaves out what was allocated keeps it, as long as the type still calls for it. */
function keepAllocated({ object, old }: AdmissionCall): boolean {
  const [draft, before] = [object as ServiceDraft | undefined, old as ServiceDraft | undefined];
  const [spec, held] = [draft?.spec, before?.spec];
  if (!spec || !held || held.type === 'ExternalName') return false;
  if (spec.type === 'ExternalName') return dropAddress(spec, held);
  if (!spec.clusterIP && held.clusterIP) {
    spec.clusterIP = held.clusterIP;
    if (!spec.clusterIPs?.length && held.clusterIPs) spec.clusterIPs = [...held.clusterIPs];
  }
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return true;
  for (const port of spec.ports ?? []) {
    const same = held.ports?.find(
      (each) => each.port === port.port && (each.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    );
    if (!port.nodePort && same?.nodePort) port.nodePort = same.nodePort;
  }
  if (draft && before && held.healthCheckNodePort && wantsHealthCheckPort(draft) && wantsHealthCheckPort(before))
    spec.healthCheckNodePort ||= held.healthCheckNodePort;
  return true;
}

/** A name outside has no address of ours; one that the update asks for anew is refused by validation. */
function dropAddress(spec: Spec, held: Spec): boolean {
  if (spec.clusterIP !== held.clusterIP) return false;
  delete spec.clusterIP;
  delete spec.clusterIPs;
  delete spec.ipFamilies;
  delete spec.ipFamilyPolicy;
  return true;
}

/** What other Services hold, as far as this process knows. The transaction's conditions catch what it does not know yet. */
function takenKeys(read: ObjectReader, except: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const service of read.list<ServiceDraft>(services)) {
    if (keyOf(service) !== except) for (const key of heldKeys(service)) keys.add(key);
  }
  return keys;
}

async function allocate(draft: ServiceDraft, pool: Pool, ctx: Context): Promise<void> {
  let faults = await allocateAddress(draft, pool, ctx);
  if (faults.length === 0) faults = await allocateNodePorts(draft, pool, ctx);
  if (faults.length > 0) throw invalid({ group: '', kind: 'Service', name: draft.metadata.name ?? '' }, faults);
  await allocateHealthCheckPort(draft, pool, ctx);
}

async function allocateAddress(draft: ServiceDraft, pool: Pool, ctx: Context): Promise<readonly FieldError[]> {
  const spec = draft.spec;
  if (!spec) return [];
  if (!wantsAddress(draft)) {
    if (spec.clusterIP === 'None') spec.clusterIPs = ['None'];
    return [];
  }
  const fault = (detail: string): readonly FieldError[] => [
    { type: 'FieldValueInvalid', field: 'spec.clusterIPs', value: [spec.clusterIP], detail },
  ];
  if (spec.clusterIP) {
    const key = addressKey(spec.clusterIP);
    if (!contains(pool.addresses, ipv4Number(spec.clusterIP)))
      return fault(`failed to allocate IP ${spec.clusterIP}: the provided network does not match the current range`);
    if (!pool.before.has(key) && (await isTaken(pool, [key], ctx))) {
      return fault(`failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`);
    }
  } else {
    const { first, last } = pool.addresses;
    const band = staticBand(last - first + 1, 16, 16, 256);
    // The first is `kubernetes`, the tenth is DNS: whoever gets them asks for them.
    const kept = (value: number) => value === first || value === first + 9;
    const keysOf = (value: number) => [addressKey(ipv4Text(value))];
    const free = await pickUnclaimed(pool, { ranges: bandLast(pool.addresses, band), keysOf, kept }, ctx);
    if (free === undefined) throw internalError(new Error('failed to allocate a serviceIP: range is full'));
    spec.clusterIP = ipv4Text(free);
  }
  spec.clusterIPs = [spec.clusterIP];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
  return [];
}

function release(keys: ReadonlySet<string>): Joined | undefined {
  return keys.size === 0 ? undefined : { notes: [...keys].map((key) => ({ key })) };
}

/** Of a node port it may be nobody's for the other protocols as well. */
function rivalKeys(key: string): readonly string[] {
  const what = allocatedBy(key);
  return 'address' in what ? [key] : nodePortKeys(what.port);
}

/** `lost`: a lost race picks again, but for what was asked for. */
function exchange(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  { owner, lost }: { readonly owner: string; readonly lost: () => void },
): Joined | undefined {
  const isOthers = (key: string): boolean => !before.has(key);
  const taken = [...after]
    .filter(isOthers)
    .map((key) => ({ key, text: owner, whileAbsent: rivalKeys(key).filter(isOthers) }));
  const left = [...before].filter((key) => !after.has(key)).map((key) => ({ key }));
  return taken.length + left.length === 0 ? undefined : { notes: [...taken, ...left], lost };
}
