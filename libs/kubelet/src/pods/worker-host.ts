import type { Pod } from '../types.ts';
import type { Verdict } from './judge.ts';

/** The one that keeps the workers. */
export interface WorkerHost {
  /** Undefined: the node takes the pod. */
  admit(pod: Pod): Verdict | undefined;
  /** Nothing of the pod is left. */
  removed(uid: string): void;
}
