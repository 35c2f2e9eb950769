import {
  isObject,
  type JsonObject,
  MOST_BODY_BYTES,
  MOST_KEPT_LEVELS,
  parseJsonInSteps,
  type Steps,
} from '@kubernest/meta';

/** What was sent may come back so many times as long, and is as long as one body in any case. */
const MOST_TIMES_SENT = 4;
/** An object stands in a list in the response in a review. */
const LEVELS_AROUND = 3;
/** So much is looked at in a step. */
const PIECE = 128 * 1024;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** A converter's answer is more than anybody asked for. */
export class BeyondBoundsError extends Error {
  override readonly name = 'BeyondBoundsError';
}

export const mostAnswered = (sentBytes: number): number => MOST_TIMES_SENT * sentBytes + MOST_BODY_BYTES;

/** A review that somebody answered with. In steps: it may be as long as all that was sent, and whatever they like. */
export function* reviewIn(body: Buffer): Steps<JsonObject> {
  yield* refuseDeep(body);
  const review = yield* parseJsonInSteps(yield* textOf(body));
  if (!isObject(review)) throw new Error('no response provided');
  return review;
}

/** Before anything is made of it. What is no JSON is told by whoever reads it. */
function* refuseDeep(body: Buffer): Steps<void> {
  let levels = 0;
  let isText = false;
  for (let at = 0; at < body.length; at++) {
    if (at % PIECE === PIECE - 1) yield;
    const byte = body[at]!;
    if (isText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) levels--;
    else if ((byte === OPEN_LIST || byte === OPEN_OBJECT) && ++levels > MOST_KEPT_LEVELS + LEVELS_AROUND)
      throw new BeyondBoundsError(`its answer is nested deeper than ${MOST_KEPT_LEVELS} levels`);
  }
}

function* textOf(body: Buffer): Steps<string> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for (let at = 0; at < body.length; at += PIECE) {
    if (at > 0) yield;
    pieces.push(decoder.decode(body.subarray(at, at + PIECE), { stream: true }));
  }
  return pieces.join('') + decoder.decode();
}
