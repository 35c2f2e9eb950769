import type { Context, Milliseconds } from '@kubernest/kit';

export interface Paced<T> {
  to(value: T): void;
  /** Nothing comes any more, neither what waits nor what is asked later. */
  readonly stop: () => void;
}

/** Acts at once, but not twice within `every`: of what is asked for meanwhile the last is done when that time is over. */
export function paced<T>(act: (value: T) => void, every: Milliseconds, { clock }: Pick<Context, 'clock'>): Paced<T> {
  let waiting: { readonly value: T } | undefined;
  let cancel: (() => void) | undefined;
  let stopped = false;
  const now = (value: T): void => {
    cancel = clock.after(every, () => {
      cancel = undefined;
      if (waiting) now(waiting.value);
    });
    waiting = undefined;
    act(value);
  };
  return {
    to(value) {
      if (stopped) return;
      if (cancel) waiting = { value };
      else now(value);
    },
    stop: () => {
      stopped = true;
      cancel?.();
    },
  };
}
