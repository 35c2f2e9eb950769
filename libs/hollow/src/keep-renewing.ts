import type { Context, Milliseconds } from '@kubernest/kit';
import TinyQueue from 'tinyqueue';

interface Due {
  readonly name: string;
  readonly at: Milliseconds;
}

export interface Renewing {
  readonly every: Milliseconds;
  readonly atOnce: number;
  /** Of one that failed. */
  readonly againAfter: Milliseconds;
  renew(name: string): Promise<unknown>;
  failed(name: string, error: unknown): void;
}

/** Those of one second go together: what is written at once costs one sync of the disk. */
const BATCH: Milliseconds = 1000;

/**
 * Renews what each name stands for, spread over `every`, the most overdue first. Work that takes long, or a process that was held up, moves
 * nothing that comes after it. Runs until `ctx` aborts, and rejects then.
 */
export async function keepRenewing(names: readonly string[], renewing: Renewing, ctx: Context): Promise<void> {
  const { every, atOnce, againAfter, renew, failed } = renewing;
  const now = (): Milliseconds => ctx.clock.monotonic();
  const began = now();
  const first = (i: number): Milliseconds => began + Math.ceil(((i + 1) * every) / names.length / BATCH) * BATCH;
  const queue = new TinyQueue<Due>(
    names.map((name, i) => ({ name, at: first(i) })),
    (a, b) => a.at - b.at,
  );
  const turn = async ({ name, at }: Due): Promise<Due> => {
    await ctx.clock.sleep(at - now(), ctx.signal);
    try {
      await renew(name);
      return { name, at: at + every > now() ? at + every : now() + every };
    } catch (error) {
      failed(name, error);
      return { name, at: now() + againAfter };
    }
  };
  const work = async (): Promise<void> => {
    for (let due = queue.pop(); due; due = queue.pop()) queue.push(await turn(due));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, names.length) }, work));
}
