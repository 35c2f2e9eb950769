import type { Milliseconds } from '@kubernest/kit';
import type { WireTime } from './object.ts';

let last = { second: Number.NaN, text: '' };

/** `2026-11-24T10:00:00Z`: seconds, cut and not rounded. All that is written within one of them is stamped alike, several times each. */
export function wireTime(date: Date): WireTime {
  const second = Math.floor(date.getTime() / 1000);
  if (second !== last.second) last = { second, text: `${date.toISOString().slice(0, 19)}Z` };
  return last.text;
}

/** `2026-11-24T10:00:00.123000Z`: MicroTime. */
export const wireMicroTime = (date: Date): WireTime => `${date.toISOString().slice(0, 23)}000Z`;

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Undefined when it is not RFC 3339. */
export function parseWireTime(text: string): Date | undefined {
  if (!rfc3339.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** What Go says of a text that is no time. */
export function notATime(text: string, isMicro = false): string {
  const shown = JSON.stringify(text);
  return `parsing time ${shown} as "2006-01-02T15:04:05${isMicro ? '.000000' : ''}Z07:00": cannot parse ${shown} as "2006"`;
}

const second: Milliseconds = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** An age as kubectl prints it: `45s`, `3m20s`, `5d`, `2y30d`; `<invalid>` for what lies in the future. */
export function formatAge(span: Milliseconds): string {
  const whole = Math.trunc(span / second) * second;
  if (whole < -second) return '<invalid>';
  if (whole < 0) return '0s';
  if (whole < 2 * minute) return `${whole / second}s`;
  if (whole < 10 * minute) return twoUnits(whole, minute, 'm', second, 's');
  if (whole < 3 * hour) return `${Math.floor(whole / minute)}m`;
  if (whole < 8 * hour) return twoUnits(whole, hour, 'h', minute, 'm');
  if (whole < 2 * day) return `${Math.floor(whole / hour)}h`;
  if (whole < 8 * day) return twoUnits(whole, day, 'd', hour, 'h');
  if (whole < 2 * year) return `${Math.floor(whole / day)}d`;
  if (whole < 8 * year) return twoUnits(whole, year, 'y', day, 'd');
  return `${Math.floor(whole / year)}y`;
}

function twoUnits(
  span: Milliseconds,
  large: Milliseconds,
  largeName: string,
  small: Milliseconds,
  smallName: string,
): string {
  const rest = Math.floor((span % large) / small);
  return `${Math.floor(span / large)}${largeName}${rest === 0 ? '' : `${rest}${smallName}`}`;
}

/** How old something is that was made at `since`; `<unknown>` without a time, `<invalid>` where it is none. */
export function ageOf(since: WireTime | null | undefined, now: Date): string {
  if (!since) return '<unknown>';
  const start = parseWireTime(since);
  return start ? formatAge(now.getTime() - start.getTime()) : '<invalid>';
}
