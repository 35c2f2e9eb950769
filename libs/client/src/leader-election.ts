import type { Lease } from '@kubernest/api-types/coordination/v1';
import { type Context, childContext, type Milliseconds, messageOf, type Runnable } from '@kubernest/kit';
import { isAlreadyExists, isConflict, isNotFound, wireMicroTime } from '@kubernest/meta';
import type { Client, LeaseFence } from './client.ts';

const leases = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };

export interface LeaderElectionOptions {
  readonly client: Client;
  readonly lease: { readonly namespace: string; readonly name: string };
  /** One per process start: a restarted process is another holder. */
  readonly identity: string;
  readonly leaseDuration?: Milliseconds;
  readonly renewDeadline?: Milliseconds;
  readonly retryPeriod?: Milliseconds;
}

/**
 * Runs `onLead` while this process holds the Lease; its context aborts when the Lease is lost or the process stops. On stop the
 * Lease is given back after `onLead` has ended, so that the next holder takes over at once. An `onLead` that ends or throws by
 * itself gives the Lease back, too, and runs again when it is won anew.
 */
export function leaderElection(
  options: LeaderElectionOptions,
  onLead: (fence: LeaseFence, ctx: Context) => Promise<void>,
): Runnable {
  const election = new Election(options);
  return {
    name: `leader ${options.lease.name}`,
    async start(ctx) {
      return { done: campaign(election, onLead, ctx) };
    },
  };
}

async function campaign(
  election: Election,
  onLead: (fence: LeaseFence, ctx: Context) => Promise<void>,
  ctx: Context,
): Promise<void> {
  while (!ctx.signal.aborted) {
    const fence = await election.tryAcquire(ctx).catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.log.debug('cannot take the lease now', { error: messageOf(error) });
      return undefined;
    });
    if (fence && !ctx.signal.aborted) await lead(election, fence, onLead, ctx);
    else if (fence) await election.release(ctx);
    if (!ctx.signal.aborted) await ctx.clock.sleep(election.retryPeriod, ctx.signal).catch(() => {});
  }
}

async function lead(
  election: Election,
  fence: LeaseFence,
  onLead: (fence: LeaseFence, ctx: Context) => Promise<void>,
  ctx: Context,
): Promise<void> {
  ctx.log.info('leads', { lease: fence.name, transitions: fence.transitions });
  const term = childContext(ctx);
  const renewing = election.keepRenewing(term.ctx).then((lost) => {
    if (lost) ctx.log.warn('lost the lease', { lease: fence.name });
    term.controller.abort(new DOMException('no longer the leader', 'AbortError'));
    return lost;
  });
  try {
    await onLead(fence, term.ctx);
  } catch (error) {
    if (!term.ctx.signal.aborted) ctx.log.error('leading ended with a fault', { error });
  }
  term.controller.abort(new DOMException('leading has ended', 'AbortError'));
  const lost = await renewing;
  if (!lost) await election.release(ctx);
}

class Election {
  readonly leaseDuration: Milliseconds;
  readonly renewDeadline: Milliseconds;
  readonly retryPeriod: Milliseconds;
  #held: Lease | undefined;
  /** The last foreign record and when this process first saw it: other machines' clocks are not believed alone. */
  #observed: { readonly resourceVersion: string | undefined; readonly at: Milliseconds } | undefined;

  constructor(private readonly options: LeaderElectionOptions) {
    this.leaseDuration = options.leaseDuration ?? 15_000;
    this.renewDeadline = options.renewDeadline ?? 10_000;
    this.retryPeriod = options.retryPeriod ?? 2_000;
  }

  async tryAcquire(ctx: Context): Promise<LeaseFence | undefined> {
    const { lease, client } = this.options;
    const found = await client.resource<Lease>(leases).fetch(lease, ctx).catch(orUndefinedWhen(isNotFound));
    if (found && !this.#isFree(found, ctx)) return undefined;
    const now = wireMicroTime(ctx.clock.now());
    const spec = {
      holderIdentity: this.options.identity,
      leaseDurationSeconds: Math.ceil(this.leaseDuration / 1000),
      acquireTime: now,
      renewTime: now,
      leaseTransitions: found ? (found.spec?.leaseTransitions ?? 0) + 1 : 0,
    };
    const api = client.resource<Lease>(leases);
    const taken = found
      ? await api.update({ ...found, spec: { ...found.spec, ...spec } }, {}, ctx).catch(orUndefinedWhen(isConflict))
      : await api
          .create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...lease }, spec }, {}, ctx)
          .catch(orUndefinedWhen(isAlreadyExists));
    this.#held = taken;
    return taken && { ...lease, uid: taken.metadata.uid!, transitions: spec.leaseTransitions };
  }

  /** Until `ctx` aborts (false) or the Lease is lost: taken by another, or not renewed within the deadline (true). */
  async keepRenewing(ctx: Context): Promise<boolean> {
    let renewedAt = ctx.clock.monotonic();
    while (!ctx.signal.aborted) {
      await ctx.clock.sleep(this.retryPeriod, ctx.signal).catch(() => {});
      if (ctx.signal.aborted) return false;
      const deadline = childContext(ctx);
      const cancel = ctx.clock.after(renewedAt + this.renewDeadline - ctx.clock.monotonic(), () =>
        deadline.controller.abort(),
      );
      try {
        if (!(await this.#renew(deadline.ctx))) return true;
        renewedAt = ctx.clock.monotonic();
      } catch (error) {
        if (ctx.signal.aborted) return false;
        ctx.log.debug('cannot renew the lease now', { error: messageOf(error) });
        if (ctx.clock.monotonic() - renewedAt >= this.renewDeadline) return true;
      } finally {
        cancel();
      }
    }
    return false;
  }

  /** Best effort and on its own short life: the caller's context is gone already when the process stops. */
  async release(ctx: Context): Promise<void> {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    const own = { ...ctx, signal: AbortSignal.timeout(2_000) };
    const now = wireMicroTime(ctx.clock.now());
    const spec = { ...held.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: now };
    await this.options.client
      .resource<Lease>(leases)
      .update({ ...held, spec }, {}, own)
      .catch((error: unknown) => ctx.log.debug('could not give the lease back', { error: messageOf(error) }));
  }

  async #renew(ctx: Context): Promise<boolean> {
    const api = this.options.client.resource<Lease>(leases);
    const renewed = (from: Lease): Lease => ({
      ...from,
      spec: { ...from.spec, renewTime: wireMicroTime(ctx.clock.now()) },
    });
    try {
      this.#held = await api.update(renewed(this.#held!), {}, ctx);
      return true;
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
    }
    const found = await api.fetch(this.options.lease, ctx).catch(orUndefinedWhen(isNotFound));
    const mine =
      found?.spec?.holderIdentity === this.options.identity &&
      found.spec.leaseTransitions === this.#held?.spec?.leaseTransitions;
    if (!found || !mine) {
      this.#held = undefined;
      return false;
    }
    this.#held = await api.update(renewed(found), {}, ctx);
    return true;
  }

  #isFree(lease: Lease, ctx: Context): boolean {
    const { holderIdentity, renewTime, leaseDurationSeconds } = lease.spec ?? {};
    if (!holderIdentity || !renewTime || holderIdentity === this.options.identity) return true;
    const life = (leaseDurationSeconds ?? 0) * 1000;
    if (Date.parse(renewTime) + life < ctx.clock.now().getTime()) return true;
    if (this.#observed?.resourceVersion !== lease.metadata.resourceVersion || !this.#observed) {
      this.#observed = { resourceVersion: lease.metadata.resourceVersion, at: ctx.clock.monotonic() };
    }
    return ctx.clock.monotonic() - this.#observed.at > life;
  }
}

function orUndefinedWhen(matches: (error: unknown) => boolean): (error: unknown) => undefined {
  return (error) => {
    if (matches(error)) return undefined;
    throw error;
  };
}
