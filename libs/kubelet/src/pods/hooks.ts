import type { Context } from '@kubernest/kit';
import type { ContainerRuntime } from '@kubernest/runtime/contract';
import { type Action, type ActTarget, act } from '../probes/act.ts';
import type { LifecycleHandler } from '../types.ts';

/** Runs a lifecycle hook to its end; returns why it failed, undefined when it did not. */
export async function runHook(
  hook: LifecycleHandler,
  target: ActTarget,
  limitSeconds: number,
  runtime: ContainerRuntime,
  ctx: Context,
): Promise<string | undefined> {
  if (hook.sleep) {
    await ctx.clock.sleep(Math.min(hook.sleep.seconds, limitSeconds) * 1000, ctx.signal);
    return undefined;
  }
  const outcome = await act(hook as Action, target, limitSeconds, runtime, ctx);
  return outcome.result === 'success' ? undefined : outcome.output || 'the hook failed';
}
