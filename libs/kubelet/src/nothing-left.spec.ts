import { describe, expect, it } from 'vitest';
import { type Befalls, deletions, fates, strangeFates } from './testing/fates.ts';
import { PodLife, wholePod } from './testing/pod-life.ts';

/** Sandbox, containers, address, mount, cgroup: made and taken away again. */
const LEAST_CALLS = 15;
const containers = wholePod().spec?.containers.length;

/** Many lives, each of minutes of simulated time, on a machine that is busy with other specs. */
const PATIENCE = 300_000;

interface Fated {
  readonly fate: Befalls;
  /** It deletes the pod, so that it need not have run. */
  readonly deletes?: boolean;
  readonly sweepEvery?: number;
}

/** One life for each call that a life is made of. */
async function eachCall({ fate, deletes = false, sweepEvery }: Fated): Promise<void> {
  for (let n = 1, more = true; more; n++) {
    await using life = await PodLife.begin(
      (self) => (call, run) => (call.n === n ? fate(self, call, run) : run()),
      sweepEvery,
    );
    const ran = await life.live();
    const left = await life.left();
    more = life.calls.count >= n;
    // What befell none of its calls let it run.
    const mayHaveEndedBefore = deletes && more && ran === undefined;
    expect({ n, ran, left }).toEqual({ n, ran: mayHaveEndedBefore ? undefined : containers, left: [] });
    if (!more) expect(n).toBeGreaterThan(LEAST_CALLS);
  }
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
