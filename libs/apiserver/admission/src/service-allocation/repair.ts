import type { Client } from '@kubernest/client';
import { type Context, type Milliseconds, messageOf, type Runnable } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { addressRange } from './ranges.ts';
import { type AllocationFault, planRepair } from './repair.plan.ts';
import type { AllocationRanges } from './service-allocation.plugin.ts';
import { RANGES, type ServiceDraft } from './service-draft.ts';

const EVERY: Milliseconds = 3 * 60_000;
const services = { group: '', version: 'v1', resource: 'services' };

export interface AllocationRepairOptions {
  readonly ranges: AllocationRanges;
  readonly store: Store;
  /** May list all Services. */
  readonly client: Client;
  /** Tells people, as an Event of the Service. */
  report(fault: AllocationFault): void;
}

/**
 * Mends what Services hold and what is allocated where they disagree: at start, and every three minutes. Every write is made only if
 * nothing has changed since, so that it may run in every API server at once.
 */
export function allocationRepair(options: AllocationRepairOptions): Runnable {
  return {
    name: 'allocation-repair',
    async start(ctx) {
      await round(options, ctx);
      return { done: keepRepairing(options, ctx) };
    },
  };
}

async function keepRepairing(options: AllocationRepairOptions, ctx: Context): Promise<void> {
  while (!ctx.signal.aborted) {
    await ctx.clock.sleep(EVERY, ctx.signal).catch(() => {});
    if (!ctx.signal.aborted) await round(options, ctx);
  }
}

/** A round that fails is no reason not to serve: the next one comes. */
async function round(options: AllocationRepairOptions, ctx: Context): Promise<void> {
  try {
    await repairAllocations(options, ctx);
  } catch (error) {
    if (!ctx.signal.aborted) ctx.log.warn('could not repair the allocations of Services', { error: messageOf(error) });
  }
}

async function repairAllocations(options: AllocationRepairOptions, ctx: Context): Promise<void> {
  const { store, client, ranges } = options;
  // In this order: a key and its Service come in one transaction, so that whoever held one of these keys then is in the later list,
  // unless the key is gone with it.
  const { entries } = await store.list(RANGES, {}, ctx);
  const { items } = await client.resource<ServiceDraft>(services).list({}, ctx);
  const within = { addresses: addressRange(ranges.serviceCidr), nodePorts: ranges.nodePorts };
  const { free, restore, faults } = planRepair(items, entries, within);
  for (const { key, revision } of free) {
    const freed = await store.commit({ conditions: [{ key, revision }], writes: [{ op: 'delete', key }] }, ctx);
    if (freed.ok) ctx.log.warn('freed what no Service holds', { key });
  }
  // A Service that is deleted in this very moment leaves its key to the next round.
  for (const { key, owner, fault } of restore) {
    const write = { op: 'put', key, value: Buffer.from(owner) } as const;
    const restored = await store.commit({ conditions: [{ key, revision: 0 }], writes: [write] }, ctx);
    if (restored.ok) options.report(fault);
  }
  for (const fault of faults) options.report(fault);
}
