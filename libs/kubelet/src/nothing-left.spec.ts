import { describe, expect, it } from 'vitest';
import { type Befalls, deletions, fates, type SimulatedLife, strangeFates } from './testing/fates.ts';
import { PodLife, wholePod } from './testing/pod-life.ts';

/** Sandbox, containers, address, mount, cgroup: made and taken away again. */
const LEAST_CALLS = 15;
const containers = wholePod().spec?.containers.length;

/** Many lives, each of minutes of simulated time, on a machine that is busy with other specs. */
const PATIENCE = 300_000;

interface Fated {
  readonly fate: Befalls<SimulatedLife>;
  /** It deletes the pod, so that it need not have run. */
  readonly deletes?: boolean;
  readonly sweepEvery?: number;
}

/** Lives side by side: while one waits for files another goes on. */
const AT_ONCE = 4;

/** One life for each call that a life is made of. */
async function eachCall(fated: Fated): Promise<void> {
  for (let first = 1, more = true; more; first += AT_ONCE) {
    const lives = Array.from({ length: AT_ONCE }, (_, i) => lifeOf(first + i, fated));
    const met = await Promise.all(lives);
    more = met.every(Boolean);
    if (!more) expect(first + met.indexOf(false)).toBeGreaterThan(LEAST_CALLS);
  }
}

/** Returns whether there was an n-th call. */
async function lifeOf(n: number, { fate, deletes = false, sweepEvery }: Fated): Promise<boolean> {
  await using life = await PodLife.begin(
    (self) => (call, run) => (call.n === n ? fate(self, call, run) : run()),
    sweepEvery,
  );
  const ran = await life.live();
  const left = await life.left();
  const met = life.calls.count >= n;
  // What befell none of its calls let it run.
  const mayHaveEndedBefore = deletes && met && ran === undefined;
  expect({ n, ran, left }).toEqual({ n, ran: mayHaveEndedBefore ? undefined : containers, left: [] });
  return met;
}

describe('of a pod nothing is left', () => {
  it('when nothing befalls it, and all of it ran', async () => {
    await using life = await PodLife.begin(() => (_call, run) => run());
    expect(await life.live()).toBe(containers);
    expect(await life.left()).toEqual([]);
    expect(life.calls.count).toBeGreaterThan(LEAST_CALLS);
  });

  it.each(Object.entries(fates))(
    'and it ran, whichever of the calls of its life it is during which %s',
    (_, fate) => eachCall({ fate }),
    PATIENCE,
  );

  it.each(Object.entries(deletions))(
    'whichever of the calls of its life it is during which %s',
    (_, fate) => eachCall({ fate, deletes: true }),
    PATIENCE,
  );

  it.each(Object.entries(strangeFates))(
    'once somebody looks for it: %s',
    (what, fate) => eachCall({ fate, deletes: what.includes('deleted'), sweepEvery: 120_000 }),
    PATIENCE,
  );
});
