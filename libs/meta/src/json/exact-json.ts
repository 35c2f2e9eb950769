import type { Json } from '../object.ts';
import { JsonReader } from './json-reader.ts';
import { keptInteger } from './long-integer.ts';

/** JSON.parse of what is stored, or said by somebody who is trusted, with whole numbers of 64 bits as they are: see `keptInteger`. */
export const parseJson = (text: string): Json =>
  holdsLongNumber(text) ? new JsonReader(text, { longInteger: keptInteger }).read() : (JSON.parse(text) as Json);

/** Shorter ones are held by a number. */
const LONG = 16;

/** Whether so many digits stand where a number may stand: of nearly every text only each sixteenth letter is looked at. */
export function holdsLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue;
    let begin = at;
    let end = at + 1;
    while (isDigit(text, begin - 1)) begin--;
    while (isDigit(text, end)) end++;
    if (end - begin >= LONG && mayPrecedeNumber(text.charCodeAt(begin - 1))) return true;
    at = end - 1;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

const [BLANK, COMMA, MINUS, COLON, OPEN_LIST] = [0x20, 0x2c, 0x2d, 0x3a, 0x5b];

/** Within a text, too: nobody looks for where texts end. */
const mayPrecedeNumber = (code: number): boolean =>
  Number.isNaN(code) || code <= BLANK || code === COMMA || code === MINUS || code === COLON || code === OPEN_LIST;
