import {
  isObject,
  type JsonObject,
  MOST_BODY_BYTES,
  MOST_KEPT_LEVELS,
  readJsonInSteps,
  type Steps,
  TooDeepError,
} from '@kubernest/meta';

/** What was sent may come back so many times as long, and is as long as one body in any case. */
const MOST_TIMES_SENT = 4;
/** An object stands in a list in the response in a review. */
const LEVELS_AROUND = 3;

/** A converter's answer is more than anybody asked for. */
export class BeyondBoundsError extends Error {
  override readonly name = 'BeyondBoundsError';
}

export const mostAnswered = (sentBytes: number): number => MOST_TIMES_SENT * sentBytes + MOST_BODY_BYTES;

/** A review that somebody answered with. In steps: it may be as long as all that was sent, and whatever they like. */
export function* reviewIn(body: Buffer): Steps<JsonObject> {
  const review = yield* bounded(readJsonInSteps(body, MOST_KEPT_LEVELS + LEVELS_AROUND));
  if (!isObject(review)) throw new Error('no response provided');
  return review;
}

function* bounded<T>(steps: Steps<T>): Steps<T> {
  try {
    return yield* steps;
  } catch (error) {
    if (!(error instanceof TooDeepError)) throw error;
    throw new BeyondBoundsError(`its answer is nested deeper than ${MOST_KEPT_LEVELS} levels`);
  }
}
