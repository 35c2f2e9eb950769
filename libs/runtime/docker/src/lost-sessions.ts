import { Backoff, type Context } from '@kubernest/kit';
import { engineCall, isGone } from './engine-error.ts';
import type { Executing } from './exec.ts';
import { findLeader, hangUp } from './exec-processes.ts';
import { type Owner, ownerFilter } from './labels.ts';

/**
 * Hangs up on what an agent that died had been executing: nobody reads or writes there any more. Asks the engine until it answers. Resolves
 * when all are found, or aborted; their end is among those of the abandoned.
 */
export async function hangUpLost(executing: Executing, owner: Owner, ctx: Context): Promise<void> {
  const backoff = new Backoff({ initial: 500, max: 30_000 });
  while (!ctx.signal.aborted) {
    try {
      return await hangUpAll(executing, owner, ctx);
    } catch {
      await ctx.clock.sleep(backoff.next(''), ctx.signal).catch(() => {});
    }
  }
}

async function hangUpAll({ docker, abandoned, mark }: Executing, owner: Owner, ctx: Context): Promise<void> {
  const filters = JSON.stringify({ label: ownerFilter(owner) });
  for (const { Id } of await engineCall(ctx, () => docker.listContainers({ filters }))) {
    const container = await ifKnown(ctx, () => docker.getContainer(Id).inspect());
    for (const id of container?.ExecIDs ?? []) {
      const exec = await ifKnown(ctx, () => docker.getExec(id).inspect());
      const lost = exec?.Running && exec.Pid > 0 && mark.isOfAnotherAgent(exec.DetachKeys);
      const leader = lost ? await findLeader(exec.Pid) : undefined;
      if (leader) abandoned.add(hangUp(leader, Id, ctx.clock));
    }
  }
}

async function ifKnown<T>(ctx: Context, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await engineCall(ctx, call);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
