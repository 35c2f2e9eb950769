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
import { atOnce, type Steps } from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';
import type { Verdict } from './judge.ts';

/**
 * Makes a draft what will be stored, and checks it: throws 422. The writer is told what there is to warn of. What is large is judged by
 * the engine's judge, where it takes it on, and finished in turns with others.
 */
export function finish(write: DraftWrite, ctx: Context): Promise<void> | undefined {
  if (write.call.large) return finishLarge(write, ctx);
  atOnce(finishInSteps(write, undefined, ctx));
  return undefined;
}

async function finishLarge(write: DraftWrite, ctx: Context): Promise<void> {
  await breathe();
  const verdict = await write.engine.judge.verdict(write, ctx);
  await paced(finishInSteps(write, verdict, ctx));
  await breathe();
}

function* finishInSteps(write: DraftWrite, verdict: Verdict | undefined, ctx: Context): Steps<void> {
  const { call, draft, old, keepsGeneration, admissionChanged } = write;
  const { definition } = call.resource;
  const context = { subresource: call.info.subresource, now: ctx.clock.now(), old };
  if (!verdict) {
    complete(definition, draft, { ...context, lacksDefaults: admissionChanged });
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
