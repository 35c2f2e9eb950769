import { breathe, TURN_MS } from '@kubernest/apiserver/codec';
import type { KubeObject, Steps } from '@kubernest/meta';

type Objects = readonly KubeObject[];

/** Steps in which objects are converted. One that gives a promise of objects goes on with what that resolves to. */
export type Converting<T> = Generator<unknown, T, Objects | undefined>;

/** All steps, with a turn for others every few milliseconds. `begun`: where they stand already. */
export async function finished<T>(work: Converting<T>, begun?: Promise<Objects>): Promise<T> {
  let answer = await begun;
  let until = performance.now() + TURN_MS;
  for (;;) {
    const { done, value } = work.next(answer);
    if (done) return value;
    answer = value instanceof Promise ? ((await value) as Objects) : undefined;
    if (performance.now() < until) continue;
    await breathe();
    until = performance.now() + TURN_MS;
  }
}

/** All steps as long as none of them has to wait: then it is what comes of them that is waited for. */
export function* withoutWaiting<T>(work: Converting<T>): Steps<{ readonly value: T } | { readonly later: Promise<T> }> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return { value };
    if (value instanceof Promise) return { later: finished(work, value as Promise<Objects>) };
    yield;
  }
}
