import type { Lease } from '@kubernest/api-types/coordination/v1';
import type { Client } from '@kubernest/client';
import { type Context, messageOf } from '@kubernest/kit';
import { isConflict, isNotFound, wireMicroTime } from '@kubernest/meta';
import { LEASES } from '../types.ts';

const NAMESPACE = 'kube-node-lease';
export const RENEW_EVERY = 10_000;
const LEASE_SECONDS = 40;

/** Renews the node's Lease every ten seconds: all that an idle node says. */
export async function keepLease(
  client: Client,
  nodeName: string,
  nodeUid: () => string | undefined,
  ctx: Context,
): Promise<void> {
  const leases = client.resource<Lease>(LEASES);
  let held: Lease | undefined;
  let failing = false;
  while (!ctx.signal.aborted) {
    const began = ctx.clock.monotonic();
    try {
      const spec = {
        holderIdentity: nodeName,
        leaseDurationSeconds: LEASE_SECONDS,
        renewTime: wireMicroTime(ctx.clock.now()),
      };
      held ??= await leases.fetch({ namespace: NAMESPACE, name: nodeName }, ctx).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
      const uid = nodeUid();
      const ownerReferences = uid ? [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid }] : undefined;
      held = held
        ? await leases.update({ ...held, metadata: { ...held.metadata, ownerReferences }, spec }, {}, ctx)
        : await leases.create(
            {
              apiVersion: 'coordination.k8s.io/v1',
              kind: 'Lease',
              metadata: { name: nodeName, namespace: NAMESPACE, ownerReferences },
              spec,
            },
            {},
            ctx,
          );
      failing = false;
    } catch (error) {
      if (ctx.signal.aborted) return;
      held = undefined;
      if (isConflict(error)) continue;
      if (!failing) ctx.log.warn('the node lease could not be renewed; trying again', { error: messageOf(error) });
      failing = true;
    }
    const pause = failing ? 1_000 : RENEW_EVERY - (ctx.clock.monotonic() - began);
    await ctx.clock.sleep(Math.max(200, pause), ctx.signal).catch(() => {});
  }
}
