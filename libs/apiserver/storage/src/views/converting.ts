import { isOthersTurn, lineAfter, ownTurn, type Steps } from '@kubernest/meta';

/** Steps in which objects are converted. One that gives a promise goes on once that is resolved. */
export type Converting<T> = Generator<unknown, T>;

/** All steps, with a turn for others as `paced` has it. `begun`: what the first waits for. */
export async function finished<T>(work: Converting<T>, begun?: Promise<unknown>): Promise<T> {
  await begun;
  for (let waits = 0; ; ) {
    if (isOthersTurn()) await ownTurn(lineAfter(waits++));
    const { done, value } = work.next();
    if (done) return value;
    if (value instanceof Promise) await value;
  }
}

/** All steps as long as none of them has to wait: then it is what comes of them that is waited for. */
export function* withoutWaiting<T>(work: Converting<T>): Steps<{ readonly value: T } | { readonly later: Promise<T> }> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return { value };
    if (value instanceof Promise) return { later: finished(work, value) };
    yield;
  }
}
