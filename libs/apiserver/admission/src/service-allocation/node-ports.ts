import type { Context } from '@kubernest/kit';
import { type FieldError, fieldInvalid, internalError } from '@kubernest/meta';
import { isTaken, type Pool, pickUnclaimed } from './pool.ts';
import { contains } from './ranges.ts';
import {
  nodePortKey,
  nodePortKeys,
  type ServiceDraft,
  type ServicePortDraft,
  wantsNodePorts,
} from './service-draft.ts';

/** A number is one Service's, for all protocols. What is asked for is respected also where nothing is handed out. */
export async function allocateNodePorts(draft: ServiceDraft, pool: Pool, ctx: Context): Promise<readonly FieldError[]> {
  const { type, ports = [] } = draft.spec ?? {};
  if (type !== 'NodePort' && type !== 'LoadBalancer') {
    for (const port of ports) delete port.nodePort;
    return [];
  }
  const isHandedOut = wantsNodePorts(draft);
  const claimed = new Map<number, number>();
  for (const [index, port] of ports.entries()) {
    if (isHandedOut) port.nodePort ||= twinOf(port, ports, pool);
    const isPicked = isHandedOut && !port.nodePort;
    if (isPicked) port.nodePort = await pickNodePort(draft.spec, pool, ctx);
    if (!port.nodePort) continue;
    // Who takes what was picked in the meantime wins the transaction: then another is picked.
    const why = isPicked ? undefined : await whyNot(port as Given, claimed, pool, ctx);
    // compat: of several faults the first is told.
    if (why) return [fieldInvalid(`spec.ports[${index}].nodePort`, port.nodePort, why)];
    claimed.set(port.nodePort, port.port);
  }
  return [];
}

/** compat: while a Service is made, its protocols share the number of one port, as DNS has it; one that joins later has its own. */
const twinOf = ({ port }: ServicePortDraft, ports: readonly ServicePortDraft[], { isNew }: Pool): number | undefined =>
  isNew ? ports.find((each) => each.port === port && each.nodePort)?.nodePort : undefined;

/** A number that is nobody's, nor this Service's own. */
export async function pickNodePort(spec: ServiceDraft['spec'], pool: Pool, ctx: Context): Promise<number> {
  const own = new Set([spec?.healthCheckNodePort, ...(spec?.ports ?? []).map(({ nodePort }) => nodePort)]);
  const wanted = { ranges: pool.handedOut, keysOf: nodePortKeys, kept: (value: number) => own.has(value) };
  const free = await pickUnclaimed(pool, wanted, ctx);
  if (free === undefined) throw internalError(new Error('failed to allocate a nodePort: range is full'));
  return free;
}

type Given = ServicePortDraft & { readonly nodePort: number };

/** Why a port cannot have the number that it asks for. `claimed`: which port of this Service has a number already. */
async function whyNot(
  { nodePort, port, protocol = 'TCP' }: Given,
  claimed: ReadonlyMap<number, number>,
  pool: Pool,
  ctx: Context,
): Promise<string | undefined> {
  const holder = claimed.get(nodePort);
  if (pool.before.has(nodePortKey(protocol, nodePort))) return undefined;
  if (holder !== undefined) return pool.isNew && holder !== port ? allocated : undefined;
  return whyNotFree(nodePort, pool, ctx);
}

/** Why nobody can have a number but a Service that holds it. */
export async function whyNotFree(number: number, pool: Pool, ctx: Context): Promise<string | undefined> {
  const { first, last } = pool.nodePorts;
  const isOwn = nodePortKeys(number).some((key) => pool.before.has(key));
  if (!isOwn && !contains(pool.nodePorts, number))
    return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
  return (await isTaken(pool, nodePortKeys(number), ctx)) ? allocated : undefined;
}

const allocated = 'provided port is already allocated';
