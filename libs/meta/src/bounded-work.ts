import type { Steps } from './steps.ts';

/** There is more to do than may be done at once here, and it cannot be paused: it is to be done elsewhere. */
export class TooMuchWorkError extends Error {
  override readonly name = 'TooMuchWorkError';
}

/** Of what may still be done by the steps that are being taken. */
let left = Number.POSITIVE_INFINITY;

/** Told before work that cannot be paused, in units of some 40 ns. Throws TooMuchWorkError where that is more than whoever runs it allows. */
export function spend(units: number): void {
  left -= units;
  if (left < 0) throw new TooMuchWorkError();
}

/** The same steps, which throw TooMuchWorkError once what they `spend` together is more than `units`. */
export function* withinWork<T>(steps: Steps<T>, units: number): Steps<T> {
  let own = units;
  for (;;) {
    const others = left;
    left = own;
    let step: IteratorResult<void, T>;
    try {
      step = steps.next();
      own = left;
    } finally {
      left = others;
    }
    if (step.done) return step.value;
    yield;
  }
}
