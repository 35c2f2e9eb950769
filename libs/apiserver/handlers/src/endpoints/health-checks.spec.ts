import { Freshness } from '@kubernest/apiserver/storage';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { healthChecks } from './health-checks.ts';

it('is ready no longer once it begins to stop, and alive all the same', async () => {
  const serving = new AbortController();
  const freshness = new Freshness(async () => 0);
  const checks = healthChecks(freshness, serving.signal);
  const ctx = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
  const faults = async (root: 'livez' | 'readyz') => {
    const asked = checks.filter(({ on }) => on === undefined || on.includes(root));
    return (await Promise.all(asked.map((check) => check.check(ctx)))).filter((fault) => fault !== undefined);
  };
  expect([await faults('livez'), await faults('readyz')]).toEqual([[], []]);
  serving.abort();
  expect([await faults('livez'), await faults('readyz')]).toEqual([[], ['process is shutting down']]);
});
