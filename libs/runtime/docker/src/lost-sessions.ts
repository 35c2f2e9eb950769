import { Backoff, type Context } from '@kubernest/kit';
import { Command } from './command.ts';
import { engineCall, isGone } from './engine-error.ts';
import type { Executing } from './exec.ts';
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
      const exec = docker.getExec(id);
      const told = await ifKnown(ctx, () => exec.inspect());
      // One without a pid is being started yet.
      if (!told?.Running || !mark.isOfAnotherAgent(told.DetachKeys)) continue;
      const command = new Command(exec, Id, ctx.clock);
      abandoned.add(() => command.end('hang-up'));
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
