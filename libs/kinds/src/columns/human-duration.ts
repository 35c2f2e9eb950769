import { formatAge } from '@kubernest/meta';

/** How long ago, as kubectl writes it. */
export const humanDuration = formatAge;

/** The age of a moment on the wire; `<unknown>` when there is none. */
export function ageOf(time: string | null | undefined, now: Date): string {
  if (!time) return '<unknown>';
  const then = Date.parse(time);
  return Number.isNaN(then) ? '<invalid>' : humanDuration(now.getTime() - then);
}
