import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Dataplane, RulesRefused } from './dataplane.ts';
import { type PlainRule, rulesOf } from './rules.fixture.ts';

export interface DataplaneFixture {
  readonly dataplane: Dataplane;
  /** All that the kernel holds, as text. */
  inForce(): Promise<string> | string;
  dispose(): Promise<void> | void;
}

const rule = '203.0.113.77/32 -j ACCEPT\n-A INPUT -s 203.0.113.99/32';
/** What no dataplane may bring into force, whoever says it. */
const unsound: readonly [string, PlainRule][] = [
  ['a rule for a load balancer’s address', { loadBalancerIPs: [rule] }],
  ['a name for an external address', { externalIPs: ['localhost'] }],
  ['an address of the other family', { externalIPs: ['2001:db8::1'] }],
  ['a range for an address', { clusterIP: '10.96.0.0/16' }],
  ['a range with a line after it', { loadBalancerIPs: ['203.0.113.1'], loadBalancerSourceRanges: ['10.0.0.0/8\n'] }],
  ['an option for a range', { loadBalancerIPs: ['203.0.113.1'], loadBalancerSourceRanges: ['10.0.0.0/8 -j ACCEPT'] }],
  ['a rule for an endpoint', { clusterEndpoints: [{ ip: rule, port: 80, local: true }] }],
  ['no number for a port', { port: '80 -j ACCEPT' as unknown as number }],
  ['no port of any protocol', { nodePort: 70_000 }],
  ['no number of seconds', { affinitySeconds: '1 -j ACCEPT' as unknown as number }],
  ['no protocol', { protocol: 'tcp -j ACCEPT' }],
];

/** What every dataplane keeps. `open` gives one that has nothing in force. */
export function describeDataplane(name: string, open: () => Promise<DataplaneFixture> | DataplaneFixture): void {
  const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
  const world = async () => {
    const fixture = await open();
    onTestFinished(() => fixture.dispose());
    return fixture;
  };
  const web = { id: 'team/web', clusterIP: '10.96.0.5' };
  const other = { id: 'other/web', clusterIP: '10.96.0.6' };

  describe(`the dataplane ${name}`, () => {
    it('brings rules into force, once', async () => {
      const { dataplane, inForce } = await world();
      expect(dataplane.held()).toBeUndefined();
      expect((await dataplane.apply(rulesOf([web]), ctx)).lines).toBeGreaterThan(0);
      expect(await inForce()).toContain('10.96.0.5');
      expect((await dataplane.apply(rulesOf([web]), ctx)).lines).toBe(0);
      expect(dataplane.held()?.ports.map(({ id }) => id)).toEqual(['team/web']);
    });

    it.each(unsound)('refuses %s, and the rules of others stay', async (_, over) => {
      const { dataplane, inForce } = await world();
      await dataplane.apply(rulesOf([other]), ctx);
      const before = await inForce();
      await expect(dataplane.apply(rulesOf([other, { ...web, ...over }]), ctx)).rejects.toThrow(RulesRefused);
      expect(await inForce()).toBe(before);
      await dataplane.apply(rulesOf([other, web]), ctx);
      expect(await inForce()).toContain('10.96.0.5');
    });

    it('takes any name for a comment, and nothing of it for a rule', async () => {
      const { dataplane, inForce } = await world();
      const id = `team/we"b' -j ACCEPT\n-A INPUT -j ACCEPT \\ ${'x'.repeat(300)}`;
      await dataplane.apply(rulesOf([{ ...web, id }]), ctx);
      expect(await inForce()).not.toMatch(/^-A INPUT -j ACCEPT/m);
    });

    it('leaves nothing when it is torn down, twice', async () => {
      const { dataplane, inForce } = await world();
      await dataplane.apply(rulesOf([web]), ctx);
      await dataplane.teardown(ctx);
      await dataplane.teardown(ctx);
      expect(await inForce()).not.toContain('10.96.0.5');
      expect(dataplane.held()).toBeUndefined();
    });
  });
}
