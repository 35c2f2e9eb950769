import type { Json } from '../object.ts';
import type { Steps } from '../steps.ts';
import { parseJsonInSteps } from './parse-in-steps.ts';

/** So much is looked at in a step. */
const PIECE = 128 * 1024;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** It is nested so deep that whoever walks through it might not come to its end. */
export class TooDeepError extends Error {
  override readonly name = 'TooDeepError';
}

/**
 * Somebody's JSON, as long as it may be and whatever they like: the text, what is made of it and the refusal of what is too deep are done in
 * steps. Throws a `TooDeepError` before anything is made of it, a `SyntaxError` where it is no JSON.
 */
export function* readJsonInSteps(body: Uint8Array, mostLevels: number): Steps<Json> {
  yield* refuseDeep(body, mostLevels);
  return yield* parseJsonInSteps(yield* textOf(body));
}

/** What is no JSON is told by whoever reads it. */
function* refuseDeep(body: Uint8Array, most: number): Steps<void> {
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
    else if ((byte === OPEN_LIST || byte === OPEN_OBJECT) && ++levels > most)
      throw new TooDeepError(`it is nested deeper than ${most} levels`);
  }
}

function* textOf(body: Uint8Array): Steps<string> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for (let at = 0; at < body.length; at += PIECE) {
    if (at > 0) yield;
    pieces.push(decoder.decode(body.subarray(at, at + PIECE), { stream: true }));
  }
  return pieces.join('') + decoder.decode();
}
