import type { Lease } from '@kubernest/kinds';
import { FakeClock } from '@kubernest/kit';
import { wireMicroTime } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { LeaseSightings } from './lease-sightings.ts';

const clock = new FakeClock();
const lease = (resourceVersion: string, age: number): Lease => ({
  metadata: { name: 'a', resourceVersion },
  spec: { leaseDurationSeconds: 20, renewTime: wireMicroTime(new Date(clock.now().getTime() - age)) },
});

it.each([
  ['fresh', 19_000, true],
  ['old', 21_000, false],
  ['from a clock that is ahead', -3_600_000, true],
])('at first sight a Lease that is %s is what it says of itself', (_, age, lives) => {
  expect(new LeaseSightings().lifeLeft(lease('1', age), { clock }) > 0).toBe(lives);
});

it('then it lives from change to change, whatever it says', async () => {
  const sightings = new LeaseSightings();
  const left = (version: string) => sightings.lifeLeft(lease(version, 3_600_000), { clock });
  expect(left('1')).toBe(Number.NEGATIVE_INFINITY);
  expect(left('2')).toBe(20_000);
  await clock.advance(15_000);
  expect(left('2')).toBe(5_000);
  sightings.see(lease('3', 3_600_000), { clock });
  await clock.advance(5_000);
  expect(left('3')).toBe(15_000);
  sightings.forget('a');
  expect(left('3')).toBe(Number.NEGATIVE_INFINITY);
});
