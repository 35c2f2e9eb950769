import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { ServicePortRule } from '@kubernest/proxy/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryDataplane } from '../../../contract/src/memory-dataplane.fixture.ts';
import { type PlainRule, rulesOf } from '../../../contract/src/rules.fixture.ts';
import { applyTaken, mostAttempts } from './apply-taken.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
const isBad = ({ nodePort }: ServicePortRule) => (nodePort === 666 ? 'line 7 failed' : undefined);
const bad: PlainRule = { nodePort: 666 };
const service = (index: number, over: PlainRule = {}): PlainRule => ({
  id: `team/s${String(index).padStart(4, '0')}:http`,
  clusterIP: `10.96.${index >> 8}.${index & 255}`,
  ...over,
});
const services = (count: number, isOne: (index: number) => boolean = () => false): PlainRule[] =>
  Array.from({ length: count }, (_, i) => service(i, isOne(i) ? bad : {}));
const keys = (ports: readonly ServicePortRule[] = []) => ports.map(({ id }) => id.slice(5, 10));

describe('of rules that the kernel refuses as a whole', () => {
  it('it takes all but those of the Services that it refuses alone, in order, whichever these are', async () => {
    const picks = fc.uniqueArray(fc.nat({ max: 15 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 16 }), picks, picks, async (before, badOnes, changed) => {
        const dataplane = memoryDataplane(isBad);
        await dataplane.apply(rulesOf(services(before)), ctx);
        const wanted = services(16, (i) => badOnes.includes(i)).map((rule, i) =>
          changed.includes(i) ? { ...rule, affinitySeconds: 60 } : rule,
        );
        const taken = await applyTaken(dataplane, rulesOf(wanted), ctx);
        const good = wanted.filter(({ nodePort }) => nodePort !== 666);
        expect(dataplane.inForce).toEqual(rulesOf(good));
        expect(taken.rules).toEqual(rulesOf(good));
        expect([...taken.refused.keys()].toSorted()).toEqual(
          badOnes.map((i) => `team/s${String(i).padStart(4, '0')}`).toSorted(),
        );
      }),
    );
  });

  it('those that did not change stay in force all the while', async () => {
    const dataplane = memoryDataplane(isBad);
    await dataplane.apply(rulesOf(services(20)), ctx);
    await applyTaken(dataplane, rulesOf([...services(20), ...[20, 21, 22].map((i) => service(i, bad))]), ctx);
    const all = keys(rulesOf(services(20)).ports);
    for (const { ports } of dataplane.asked) expect(keys(ports)).toEqual(expect.arrayContaining(all));
  });

  it('one among a thousand new ones is found in few attempts', async () => {
    const dataplane = memoryDataplane(isBad);
    const { refused } = await applyTaken(dataplane, rulesOf(services(1000, (i) => i === 617)), ctx);
    expect([...refused]).toEqual([['team/s0617', 'line 7 failed']]);
    expect(dataplane.asked.length).toBeLessThan(25);
  });

  it('a Service goes with all its ports, and its rules of before as well', async () => {
    const dataplane = memoryDataplane(isBad);
    const two = (over: PlainRule) => [service(1), { ...service(1, over), id: 'team/s0001:https', port: 443 }];
    await dataplane.apply(rulesOf([service(0), ...two({})]), ctx);
    await applyTaken(dataplane, rulesOf([service(0), ...two(bad)]), ctx);
    expect(keys(dataplane.inForce?.ports)).toEqual(['s0000']);
  });

  it('so many that it would take too long are left as they are, for another time', async () => {
    const dataplane = memoryDataplane(isBad);
    const wanted = rulesOf(services(400, (i) => i % 2 === 0));
    const { refused, unfinished } = await applyTaken(dataplane, wanted, ctx);
    expect(dataplane.asked.length).toBeLessThanOrEqual(mostAttempts + 3);
    expect(refused.size).toBeGreaterThan(10);
    expect(refused.size + unfinished.size + keys(dataplane.inForce?.ports).length).toBe(400);
  });
});

it.each([
  [
    'a fault of the machine',
    Object.assign(memoryDataplane(isBad), { apply: () => Promise.reject(new Error('no lock')) }),
  ],
  [
    'a kernel that takes nothing at all',
    { ...memoryDataplane(isBad), apply: () => memoryDataplane(() => 'line 1').apply(rulesOf([{}]), ctx) },
  ],
])('%s is nobody’s who has a Service', async (_, dataplane) => {
  await expect(applyTaken(dataplane, rulesOf(services(3)), ctx)).rejects.toThrow();
});
