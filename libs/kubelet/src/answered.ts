import { answerWithin, type Context, type Milliseconds } from '@kubernest/kit';

/** As long as Kubernetes waits for its runtime. */
const ANSWER_LIMIT: Milliseconds = 120_000;

export interface Asked {
  /** As the error names it. */
  readonly who: string;
  /** Than usual: what is asked may itself take time. */
  readonly longer?: Milliseconds;
}

/** Asks something that is no part of the agent (engine, network, mounts) and may hang: nothing waits for its answer for ever. */
export const answered = <T>({ who, longer = 0 }: Asked, call: (ctx: Context) => Promise<T>, ctx: Context): Promise<T> =>
  answerWithin({ who, limit: ANSWER_LIMIT + longer }, call, ctx);

export const RUNTIME = 'the container runtime';
