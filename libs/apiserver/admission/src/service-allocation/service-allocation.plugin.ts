import type { AdmissionCall, AdmissionPlugin, ApiCore, Joined, ObjectReader } from '@kubernest/apiserver/engine';
import type { Context } from '@kubernest/kit';
import { type FieldError, internalError, invalid, ipv4Number, ipv4Text, keyOf } from '@kubernest/meta';
import type { Store, Write } from '@kubernest/store/contract';
import { addressRange, bandLast, contains, type NumberRange, pickFree, staticBand } from './ranges.ts';
import { addressKey, heldKeys, nodePortKey, type ServiceDraft, wantsAddress, wantsNodePorts } from './service-draft.ts';

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
      if (call.dryRun) return undefined;
      const before = heldKeys(call.old as ServiceDraft | undefined);
      const draft = call.object as ServiceDraft | undefined;
      if (!draft) return call.old?.metadata.finalizers?.length ? undefined : release(before);
      const leaves = draft.metadata.deletionTimestamp !== undefined && !draft.metadata.finalizers?.length;
      if (leaves) return release(before);
      const taken = takenKeys(read, keyOf(draft));
      const undo: (() => void)[] = [];
      await allocate(draft, { before, taken, undo, store: core.store, addresses, ...portsOf(ranges) }, ctx);
      return exchange(before, heldKeys(draft), draft, undo);
    },
  };
}

interface Pool {
  readonly before: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
  /** Forgets what was picked (not what was asked for), so that a lost race picks again. */
  readonly undo: (() => void)[];
  readonly store: Store;
  readonly addresses: NumberRange;
  readonly nodePorts: NumberRange;
  /** Where node ports that nobody asked for come from, in this order. */
  readonly handedOut: readonly NumberRange[];
}

function portsOf({ nodePorts, ownNodePorts }: AllocationRanges): Pick<Pool, 'nodePorts' | 'handedOut'> {
  const band = staticBand(nodePorts.last - nodePorts.first + 1, 32, 16, 128);
  return { nodePorts, handedOut: [...(ownNodePorts ? [ownNodePorts] : []), ...bandLast(nodePorts, band)] };
}

/** An update that leaves out what was allocated keeps it, as long as the type still calls for it. */
function keepAllocated({ object, old }: AdmissionCall): void {
  const [spec, held] = [(object as ServiceDraft | undefined)?.spec, (old as ServiceDraft | undefined)?.spec];
  if (!spec || !held || held.type === 'ExternalName') return;
  if (spec.type === 'ExternalName') return dropAddress(spec, held);
  if (!spec.clusterIP && held.clusterIP) {
    spec.clusterIP = held.clusterIP;
    if (!spec.clusterIPs?.length && held.clusterIPs) spec.clusterIPs = [...held.clusterIPs];
  }
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return;
  for (const port of spec.ports ?? []) {
    const same = held.ports?.find(
      (each) => each.port === port.port && (each.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    );
    if (!port.nodePort && same?.nodePort) port.nodePort = same.nodePort;
  }
}

/** A name outside has no address of ours; one that the update asks for anew is refused by validation. */
function dropAddress(spec: Spec, held: Spec): void {
  if (spec.clusterIP !== held.clusterIP) return;
  delete spec.clusterIP;
  delete spec.clusterIPs;
  delete spec.ipFamilies;
  delete spec.ipFamilyPolicy;
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
  const faults = [...(await allocateAddress(draft, pool, ctx)), ...(await allocateNodePorts(draft, pool, ctx))];
  if (faults.length > 0) throw invalid({ group: '', kind: 'Service', name: draft.metadata.name ?? '' }, faults);
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
    if (!contains(pool.addresses, ipv4Number(spec.clusterIP))) {
      const [from, to] = [ipv4Text(pool.addresses.first), ipv4Text(pool.addresses.last)];
      return fault(`failed to allocate IP ${spec.clusterIP}: the provided IP is not in the valid range ${from}-${to}`);
    }
    if (!pool.before.has(key) && (await isTaken(pool, key, ctx))) {
      return fault(`failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`);
    }
  } else {
    const { first, last } = pool.addresses;
    const band = staticBand(last - first + 1, 16, 16, 256);
    // The first is `kubernetes`, the tenth is DNS: whoever gets them asks for them.
    const kept = (value: number) => value === first || value === first + 9;
    const keyOfValue = (value: number) => addressKey(ipv4Text(value));
    const free = await pickUnclaimed(pool, { ranges: bandLast(pool.addresses, band), keyOfValue, kept }, ctx);
    if (free === undefined) throw internalError(new Error('failed to allocate a serviceIP: range is full'));
    spec.clusterIP = ipv4Text(free);
    pool.undo.push(() => {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    });
  }
  spec.clusterIPs = [spec.clusterIP];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
  return [];
}

async function allocateNodePorts(draft: ServiceDraft, pool: Pool, ctx: Context): Promise<readonly FieldError[]> {
  const ports = draft.spec?.ports ?? [];
  if (!wantsNodePorts(draft)) {
    if (draft.spec?.type !== 'LoadBalancer') for (const port of ports) delete port.nodePort;
    return [];
  }
  const faults: FieldError[] = [];
  const { first, last } = pool.nodePorts;
  for (const [index, port] of ports.entries()) {
    const protocol = port.protocol ?? 'TCP';
    if (port.nodePort) {
      const key = nodePortKey(protocol, port.nodePort);
      const fault = (detail: string) =>
        faults.push({
          type: 'FieldValueInvalid',
          field: `spec.ports[${index}].nodePort`,
          value: port.nodePort,
          detail,
        });
      if (pool.before.has(key)) continue;
      if (!contains(pool.nodePorts, port.nodePort))
        fault(`provided port is not in the valid range. The range of valid ports is ${first}-${last}`);
      else if (await isTaken(pool, key, ctx)) fault('provided port is already allocated');
      continue;
    }
    // One number for both protocols of one port, as DNS has it.
    const twin = ports.find((each) => each !== port && each.port === port.port && each.nodePort)?.nodePort;
    const own = new Set(ports.map((each) => each.nodePort));
    const twinFits = twin !== undefined && !(await isTaken(pool, nodePortKey(protocol, twin), ctx));
    const free = twinFits
      ? twin
      : await pickUnclaimed(
          pool,
          {
            ranges: pool.handedOut,
            keyOfValue: (value) => nodePortKey(protocol, value),
            kept: (value) => own.has(value),
          },
          ctx,
        );
    if (free === undefined) throw internalError(new Error('failed to allocate a nodePort: range is full'));
    port.nodePort = free;
    pool.undo.push(() => delete port.nodePort);
  }
  return faults;
}

interface Wanted {
  /** Tried in this order. */
  readonly ranges: readonly NumberRange[];
  readonly keyOfValue: (value: number) => string;
  /** Numbers that are for others, though free. */
  readonly kept: (value: number) => boolean;
}

/** Looks into the store before a number is taken, so that a key of a process that died is passed over and not fought for. */
async function pickUnclaimed(
  pool: Pool,
  { ranges, keyOfValue, kept }: Wanted,
  ctx: Context,
): Promise<number | undefined> {
  const seen = new Set<string>();
  for (;;) {
    const value = pickFree(
      ranges,
      (each) => kept(each) || pool.taken.has(keyOfValue(each)) || seen.has(keyOfValue(each)),
    );
    if (value === undefined) return undefined;
    if (!(await isTaken(pool, keyOfValue(value), ctx))) return value;
    seen.add(keyOfValue(value));
  }
}

async function isTaken(pool: Pool, key: string, ctx: Context): Promise<boolean> {
  return (await pool.store.get(key, ctx)).entry !== undefined;
}

function release(keys: ReadonlySet<string>): Joined | undefined {
  return keys.size === 0
    ? undefined
    : { conditions: [], writes: [...keys].map((key) => ({ op: 'delete', key }) as const) };
}

function exchange(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  owner: ServiceDraft,
  undo: readonly (() => void)[],
): Joined | undefined {
  const value = Buffer.from(keyOf(owner));
  const taken = [...after].filter((key) => !before.has(key));
  const left = [...before].filter((key) => !after.has(key));
  if (taken.length + left.length === 0) return undefined;
  const writes: Write[] = [
    ...taken.map((key) => ({ op: 'put', key, value }) as const),
    ...left.map((key) => ({ op: 'delete', key }) as const),
  ];
  return {
    conditions: taken.map((key) => ({ key, revision: 0 })),
    writes,
    lost: () => undo.forEach((forget) => void forget()),
  };
}
