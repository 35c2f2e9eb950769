import { type Context, type Runnable, whenAborted } from './context.ts';

/**
 * Starts its members in order and stops them in reverse: each member gets a signal of its own, fired only when everything
 * started after it has drained. A member that fails to start stops those already started and the error is thrown.
 * `done` rejects with the first fault of any member, after all have been stopped.
 */
export function group(name: string, members: readonly Runnable[]): Runnable {
  return {
    name,
    async start(ctx) {
      const running: { controller: AbortController; done: Promise<void> }[] = [];
      const stopAll = async (): Promise<void> => {
        for (const member of running.splice(0).reverse()) {
          member.controller.abort(ctx.signal.reason ?? new DOMException('stopped', 'AbortError'));
          await member.done.catch(() => {});
        }
      };
      const faults: Promise<never>[] = [];
      for (const member of members) {
        const controller = new AbortController();
        const memberCtx: Context = { ...ctx, signal: controller.signal, log: ctx.log.child(member.name) };
        try {
          ctx.signal.throwIfAborted();
          const { done } = await member.start(memberCtx);
          running.push({ controller, done });
          faults.push(done.then(() => new Promise<never>(() => {})));
          done.catch(() => {});
        } catch (error) {
          controller.abort();
          await stopAll();
          throw error;
        }
      }
      const done = Promise.race([whenAborted(ctx.signal), ...faults]).finally(stopAll);
      done.catch(() => {});
      return { done };
    },
  };
}
