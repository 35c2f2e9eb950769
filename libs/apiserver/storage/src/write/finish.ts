import {
  breathe,
  complete,
  type Judged,
  paced,
  refusalOf,
  setGeneration,
  warningsOf,
} from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { promptly, type Steps, TooMuchWorkError, withinWork } from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';
import type { Verdict } from './judge.ts';

/** Some 15 ms: so much that cannot be paused may be done here for one object. */
const WORK_AT_ONCE = 400_000;

/**
 * Makes a draft what will be stored, and checks it: throws 422. Warnings go to the writer. What is large, or dear to look at
 * as a text by a pattern may be, is judged by the engine's judge, where it takes it on, and finished in turns with others.
 */
export function finish(write: DraftWrite, ctx: Context): Promise<void> | undefined {
  if (write.call.large) return finishLarge(write, ctx);
  let finished: void | Promise<void>;
  try {
    finished = promptly(withinWork(finishInSteps(write, undefined, ctx), WORK_AT_ONCE));
  } catch (error) {
    if (error instanceof TooMuchWorkError) return finishElsewhere(write, ctx);
    throw error;
  }
  if (!finished) return undefined;
  // What was not judged at once is not handled at once.
  write.call = { ...write.call, large: true };
  return unlessTooMuch(finished, write, ctx);
}

async function finishLarge(write: DraftWrite, ctx: Context): Promise<void> {
  await breathe();
  const verdict = await write.engine.judge.verdict(write, ctx);
  const steps = finishInSteps(write, verdict, ctx);
  await (verdict ? paced(steps) : unlessTooMuch(paced(withinWork(steps, WORK_AT_ONCE)), write, ctx));
  await breathe();
}

async function unlessTooMuch(finished: Promise<void>, write: DraftWrite, ctx: Context): Promise<void> {
  try {
    await finished;
  } catch (error) {
    if (!(error instanceof TooMuchWorkError)) throw error;
    await finishElsewhere(write, ctx);
  }
}

/** Whatever it takes, where there is no thread that knows the kind. */
async function finishElsewhere(write: DraftWrite, ctx: Context): Promise<void> {
  write.call = { ...write.call, large: true };
  const verdict = await write.engine.judge.verdict(write, ctx, { isDear: true });
  await paced(finishInSteps(write, verdict, ctx));
}

function* finishInSteps(write: DraftWrite, verdict: Verdict | undefined, ctx: Context): Steps<void> {
  const { call, draft, old, keepsGeneration, admissionChanged } = write;
  const { definition } = call.resource;
  const context = { subresource: call.info.subresource, now: ctx.clock.now(), old };
  if (!verdict) {
    yield* complete(definition, draft, { ...context, lacksDefaults: admissionChanged });
    setGeneration(definition, draft, { old, keeps: keepsGeneration });
    yield;
  }
  const judged: Judged = { definition, object: draft, context };
  const refusal = verdict ? verdict.refusal : yield* refusalOf(judged);
  if (refusal) throw refusal;
  // Not worth finding out where nobody listens.
  if (!call.warn) return;
  for (const text of verdict ? verdict.warnings : warningsOf(judged)) call.warn(text);
}
