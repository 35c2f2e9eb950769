import { type LeaseFence, leaderElection } from '@kubernest/client';
import type { Context, Runnable } from '@kubernest/kit';
import type { ApiAccess, ComponentUser } from './api-access.ts';

/** So a restart takes over at once, as whoever asks with this name is the only one, and renewing may be seldom. */
const seldom = { leaseDuration: 60_000, renewDeadline: 40_000, retryPeriod: 20_000 };

/** Runs `lead` in one process of the cluster at a time, under a fence. */
export function elected(
  user: ComponentUser,
  access: ApiAccess,
  lead: (fence: LeaseFence, ctx: Context) => Promise<void>,
): Runnable {
  const lease = { namespace: 'kube-system', name: user.replace('system:', '') };
  const { identity, isOnlyProcess } = access;
  return leaderElection({ client: access.as(user), lease, identity, ...(isOnlyProcess && seldom) }, lead);
}
