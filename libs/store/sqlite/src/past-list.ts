import { type Entry, type ListOptions, type ListResult, pageStart, prefixEnd } from '@kubernest/store/contract';
import type { Reply, Request } from './protocol.ts';
import { unpackEntries } from './wire.ts';

type Step = Extract<Request, { kind: 'past' }>;
/** Has the worker do one step; whatever else it is asked meanwhile comes before the next. */
export type DoStep = (step: Step) => Promise<Extract<Reply, { kind: 'past' }>>;

/** A list as of a past revision, asked for in steps. */
export async function listPast(
  prefix: string,
  { after, limit = Number.MAX_SAFE_INTEGER, revision, ...how }: ListOptions & { readonly revision: number },
  doStep: DoStep,
): Promise<ListResult> {
  const range = { kind: 'past', end: prefixEnd(prefix), revision } as const;
  const start = pageStart(prefix, after);
  if (how.countOnly) return { entries: [], revision, remaining: await countFrom(start) };
  const entries: Entry[] = [];
  const what = how.keysOnly ? 'keys' : 'entries';
  for (let from = start; ; ) {
    const step = await doStep({ ...range, what, start: from, limit: limit - entries.length });
    entries.push(...unpackEntries(step.entries));
    if (step.next === undefined) return { entries, revision, remaining: 0 };
    from = step.next;
    if (step.hasNext && entries.length >= limit)
      return { entries, revision, remaining: how.uncounted ? 1 : await countFrom(from) };
  }

  async function countFrom(first: string): Promise<number> {
    let count = 0;
    for (let from: string | undefined = first; from !== undefined; ) {
      const step = await doStep({ ...range, what: 'count', start: from, limit: 0 });
      count += step.count;
      from = step.next;
    }
    return count;
  }
}
