import { type Client, type LeaseFence, leaderElection } from '@kubernest/client';
import type { Context, Runnable } from '@kubernest/kit';
import type { Config } from '../config.ts';

/** Runs `lead` in one process of the cluster at a time, under a fence. */
export function elected(
  name: string,
  parts: { readonly config: Config; readonly client: Client },
  lead: (fence: LeaseFence, ctx: Context) => Promise<void>,
): Runnable {
  const { config, client } = parts;
  const lease = { namespace: 'kube-system', name };
  const where = `${config.advertiseAddress}:${config.port}`;
  if (config.store === 'sqlite') {
    // The store lets one process in: whoever asks with this name is the only one, so a restart takes over at once, and renewing may be seldom.
    const seldom = { leaseDuration: 60_000, renewDeadline: 40_000, retryPeriod: 20_000 };
    return leaderElection({ client, lease, identity: where, ...seldom }, lead);
  }
  return leaderElection({ client, lease, identity: `${where}_${process.pid}_${Date.now()}` }, lead);
}
