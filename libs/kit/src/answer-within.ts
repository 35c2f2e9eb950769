import type { Milliseconds } from './clock.ts';
import { type Context, childContext } from './context.ts';
import { NoAnswerError } from './errors.ts';

export interface AnswerLimit {
  /** As the error names it: `the container runtime`. */
  readonly who: string;
  readonly limit: Milliseconds;
}

/**
 * Waits for an answer so long and no longer; then the call's context is aborted and a `NoAnswerError` thrown, whether or not the call
 * heeds it. What it was to do may have been done all the same, or may be yet.
 */
export async function answerWithin<T>(
  { who, limit }: AnswerLimit,
  call: (ctx: Context) => Promise<T>,
  ctx: Context,
): Promise<T> {
  const { ctx: limited, controller } = childContext(ctx);
  const late = Promise.withResolvers<never>();
  const cancel = ctx.clock.after(limit, () => {
    const error = new NoAnswerError(`${who} did not answer within ${limit / 1000} s`);
    late.reject(error);
    controller.abort(error);
  });
  try {
    return await Promise.race([late.promise, call(limited)]);
  } finally {
    cancel();
  }
}
