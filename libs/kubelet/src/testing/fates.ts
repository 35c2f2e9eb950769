import { type Clock, type Milliseconds, whenAborted } from '@kubernest/kit';
import { RuntimeUnavailableError } from '@kubernest/runtime/contract';
import type { Call } from './calls.ts';

/** What fates can do to a pod's life. */
export interface Life {
  readonly clock: Clock;
  /** Fires when the agent of this moment ends. */
  readonly agent: AbortSignal;
  /** Returns when the agent knows. Gone already is success. */
  delete(gracePeriodSeconds?: number): Promise<void>;
  /** Without a word to anybody; another comes at once. */
  killAgent(): void;
}

/** On a simulated machine, which tells what becomes of it. */
export interface SimulatedLife extends Life {
  /** Resolves when the pod's cgroup is taken away, because nothing of the pod runs. */
  readonly cgroupTaken: Promise<void>;
}

/** Longer than any test. */
export const NEVER: Milliseconds = 2 ** 31 - 1;

/**
 * What the machine does it does in its own time, whether or not somebody still waits for it. What the agent does itself ends with it, and
 * for nothing else: a mount is not broken off.
 */
function slowly(life: Life, call: Call, run: () => Promise<unknown>, after = 100): Promise<unknown> {
  const work = life.clock.sleep(after, new AbortController().signal).then(run);
  work.catch(() => {});
  return Promise.race([work, untilItsDeath(life, call)]);
}

const untilItsDeath = async (life: Life, { by, ctx }: Call): Promise<never> => {
  const signal = by === 'agent' ? life.agent : ctx.signal;
  await whenAborted(signal);
  throw signal.reason;
};

export type Befalls<L = Life> = (life: L, call: Call, run: () => Promise<unknown>) => Promise<unknown>;

async function loseAnswer(life: Life, call: Call, run: () => Promise<unknown>): Promise<unknown> {
  if (call.by === 'agent') return run();
  slowly(life, call, run, 1_000).catch(() => {});
  throw new RuntimeUnavailableError('socket hang up');
}

async function agentDies(life: Life, call: Call, run: () => Promise<unknown>): Promise<unknown> {
  life.killAgent();
  return call.by === 'agent' ? run() : slowly(life, call, run, 2_000);
}

/** Of one whom no abort reaches. */
const noAnswer = (): Promise<never> => new Promise(() => {});

/** What may befall a call of a pod that runs all the same, so that nothing may be left and nobody need look for it. */
export const fates: Readonly<Record<string, Befalls>> = {
  async 'it fails, and is not done'() {
    throw new Error('out of order');
  },
  async 'it fails after it was done'(_life, _call, run) {
    await run();
    throw new Error('out of order');
  },
  'it is not done, and never answered': noAnswer,
  async 'it is done, and never answered'(_life, _call, run) {
    await run();
    return noAnswer();
  },
  'its answer is lost, and it is done later': loseAnswer,
  async 'the agent dies, and it is not done'(life, call) {
    life.killAgent();
    return untilItsDeath(life, call);
  },
  async 'the agent dies, and it is done'(life, call, run) {
    const death = untilItsDeath(life, call);
    life.killAgent();
    await run().catch(() => {});
    return death;
  },
  'the agent dies, and the engine does it when another is there': agentDies,
};

/** The same of a pod that is deleted at that moment, ready or not. */
export const deletions: Readonly<Record<string, Befalls<SimulatedLife>>> = {
  async 'the pod is deleted'(life, call, run) {
    await life.delete();
    return slowly(life, call, run);
  },
  async 'the pod is deleted without grace'(life, call, run) {
    await life.delete(0);
    return slowly(life, call, run);
  },
  async 'the pod is deleted, and it is never answered'(life) {
    await life.delete();
    return noAnswer();
  },
  async 'the pod is deleted, and it is done and never answered'(life, _call, run) {
    await life.delete(0);
    await run();
    return noAnswer();
  },
  async 'the pod is deleted, its answer is lost, and it is done later'(life, call, run) {
    await life.delete(0);
    return loseAnswer(life, call, run);
  },
  async 'the pod is deleted, its answer is lost, and it is done when nothing of the pod runs any more'(
    life,
    call,
    run,
  ) {
    await life.delete(0);
    if (call.by === 'agent') return run();
    life.cgroupTaken.then(run).catch(() => {});
    throw new RuntimeUnavailableError('socket hang up');
  },
  async 'the agent dies, the pod is deleted, and the engine does it when another is there'(life, call, run) {
    life.killAgent();
    await life.delete(0);
    return agentDies(life, call, run);
  },
};

/** Nobody is told of what these do: they are found when somebody looks. */
export const strangeFates: Readonly<Record<string, Befalls>> = {
  async 'the agent dies, and it is done when another is there'(life, call, run) {
    life.killAgent();
    return slowly(life, call, run, 2_000);
  },
  async 'the pod is deleted, and it is done long after, once more'(life, call, run) {
    await life.delete(0);
    slowly(life, call, run, 10_000).catch(() => {});
    return run();
  },
};
