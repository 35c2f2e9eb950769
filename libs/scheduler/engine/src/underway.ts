import type { Steps } from '@kubernest/meta';
import type { Decision } from './decide.ts';
import type { PodObject } from './plugin.ts';
import type { Reservation } from './reservation.ts';
import type { Attempt } from './scheduler-metrics.ts';

/** The pod that is decided on. */
export interface Underway {
  /** Its newest form. */
  pod: PodObject;
  readonly attempt: Attempt;
  readonly steps: Steps<void>;
}

/** What was decided of it. */
export type Attempted = Decision & { readonly attempt: Attempt };

/** Its node is about to be told. */
export interface Placing {
  readonly reservation: Reservation;
  readonly attempt: Attempt;
}
