import type { Json } from '../object.ts';
import type { Steps } from '../steps.ts';
import { setKey } from '../value.ts';
import { parseJson } from './exact-json.ts';

/** So much text is read at once: well below a millisecond. */
const PIECE = 32 * 1024;

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A list or an object that has begun. Absent `value`: nothing of it is read yet, and need not be unless it turns out to be large. */
interface Frame {
  readonly isList: boolean;
  readonly start: number;
  /** Where the members begin that are not in `value` yet, and the last of them. */
  unread: number;
  member: number;
  value?: Json[] | { [key: string]: Json };
}

/**
 * `parseJson` in short steps, for text that is known to be JSON: it is cut between members into pieces of which each is read at once. One walk over the text, however deep it is.
 */
export function* parseJsonInSteps(text: string, piece = PIECE): Steps<Json> {
  if (text.length <= piece) return parseJson(text);
  const frames: Frame[] = [];
  let hasBegun = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      hasBegun = true;
      frames.push({ isList: code === OPEN_LIST, start: at, unread: at + 1, member: at + 1 });
    } else if (code === COMMA && frames.length > 0) {
      const frame = frames.at(-1)!;
      if (at - frame.unread > piece) {
        readMembers(text, frame, at);
        frame.unread = at + 1;
        yield;
      }
      frame.member = at + 1;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      const frame = frames.pop();
      if (frame?.isList !== (code === CLOSE_LIST)) break;
      const holder = frames.at(-1);
      if (!holder) {
        if (text.slice(at + 1).trim() !== '') break;
        return close(text, frame, at);
      }
      if (!frame.value && at - frame.start <= piece) continue;
      putInto(text, holder, frame.start, close(text, frame, at));
      holder.unread = at + 1;
      yield;
    }
  }
  // What has begun and does not end need not be read once more, at once, to be told so.
  if (hasBegun) throw new SyntaxError('a list or an object does not end, or something stands behind it');
  // A text without members, or what is no JSON: `parseJson` says so.
  return parseJson(text);
}

function close(text: string, frame: Frame, end: number): Json {
  if (!frame.value) return parseJson(text.slice(frame.start, end + 1));
  readMembers(text, frame, end);
  return frame.value;
}

/** The members up to `end` that are not read yet. Behind one that was read on its own stands a comma, or nothing. */
function readMembers(text: string, frame: Frame, end: number): void {
  const members = text.slice(frame.unread, end).trim();
  const unread = members.startsWith(',') ? members.slice(1) : members;
  frame.value ??= frame.isList ? [] : {};
  if (unread === '') return;
  if (Array.isArray(frame.value)) for (const item of parseJson(`[${unread}]`) as Json[]) frame.value.push(item);
  else {
    const part = parseJson(`{${unread}}`) as { [key: string]: Json };
    for (const key of Object.keys(part)) setKey(frame.value, key, part[key]!);
  }
}

/** Puts a member that was read by itself behind those before it. */
function putInto(text: string, holder: Frame, start: number, value: Json): void {
  if (holder.member > holder.unread) readMembers(text, holder, holder.member - 1);
  holder.value ??= holder.isList ? [] : {};
  if (Array.isArray(holder.value)) holder.value.push(value);
  else {
    const [key] = Object.keys(JSON.parse(`{${text.slice(holder.member, start)}0}`) as object);
    setKey(holder.value, key!, value);
  }
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === BACKSLASH) i++;
  }
  return text.length;
}
