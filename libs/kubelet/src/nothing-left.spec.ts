import { describe, expect, it } from 'vitest';
import { type Befalls, fates, strangeFates } from './testing/fates.ts';
import { PodLife, wholePod } from './testing/pod-life.ts';

/** Sandbox, containers, address, mount, cgroup: made and taken away again. */
const LEAST_CALLS = 15;
const containers = wholePod().spec?.containers.length;

/** One life for each call that a life is made of. */
async function eachCall(fate: Befalls, sweepEvery?: number): Promise<void> {
  for (let n = 1, more = true; more; n++) {
    await using life = await PodLife.begin(
      (self) => (call, run) => (call.n === n ? fate(self, call, run) : run()),
      sweepEvery,
    );
    const ran = await life.live();
    const left = await life.left();
    expect({ n, ran, left }).toEqual({ n, ran: ran && containers, left: [] });
    more = life.calls.count >= n;
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

  it.each(Object.entries(fates))('whichever of the calls of its life it is during which %s', (_, fate) =>
    eachCall(fate),
  );

  it.each(Object.entries(strangeFates))('once somebody looks for it: %s', (_, fate) => eachCall(fate, 120_000));
});
