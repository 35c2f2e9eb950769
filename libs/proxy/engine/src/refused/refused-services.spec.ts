import { expect, it } from 'vitest';
import { rulesOf } from '../../../contract/src/rules.fixture.ts';
import { RefusedServices } from './refused-services.ts';

const web = { id: 'team/web' };
const other = { id: 'team/other' };
const why = new Map([['team/web', 'line 3 failed']]);
const none: ReadonlySet<string> = new Set();

function refusedOnce() {
  const services = new RefusedServices();
  services.learn({ refused: why, unfinished: none }, rulesOf([web, other]), 0);
  const tried = (now: number, rule = web) => services.leaveOut(rulesOf([rule, other]), now).ports.map(({ id }) => id);
  return { services, tried };
}

it('a Service that was refused is tried again after ten seconds, and then ever more seldom', () => {
  const { services, tried } = refusedOnce();
  expect([tried(9999), services.nextTry(0)]).toEqual([['team/other'], 10_000]);
  expect(tried(10_000)).toEqual(['team/web', 'team/other']);
  services.learn({ refused: why, unfinished: none }, rulesOf([web, other]), 10_000);
  expect(services.nextTry(10_000)).toBe(20_000);
  for (let now = 30_000; now < 10_000_000; now += services.nextTry(now)!)
    services.learn({ refused: why, unfinished: none }, rulesOf([web, other]), now);
  expect(services.nextTry(10_000_000)).toBeLessThanOrEqual(600_000);
});

it('it is tried at once when it changes', () => {
  expect(refusedOnce().tried(1, { ...web, affinitySeconds: 5 } as typeof web)).toEqual(['team/web', 'team/other']);
});

it('it is forgotten once it is taken or gone', () => {
  for (const forget of [
    ({ services }: ReturnType<typeof refusedOnce>) =>
      services.learn({ refused: new Map(), unfinished: none }, rulesOf([web, other]), 10_000),
    ({ services }: ReturnType<typeof refusedOnce>) => void services.leaveOut(rulesOf([other]), 1),
  ]) {
    const known = refusedOnce();
    forget(known);
    expect([[...known.services.all], known.services.nextTry(0)]).toEqual([[], undefined]);
  }
});

it('it stays known when there was no time for it, and has its turn soon', () => {
  const { services } = refusedOnce();
  services.learn({ refused: new Map(), unfinished: new Set(['team/web']) }, rulesOf([web, other]), 10_000);
  expect([[...services.all], services.nextTry(1)]).toEqual([[...why], 1000]);
});
