import { FakeClock, silentLogger } from '@kubernest/kit';
import type { PodNetwork } from '@kubernest/runtime/contract';
import { expect, it } from 'vitest';
import type { Node } from '../types.ts';
import { NetworkSetup } from './network-setup.ts';

const clock = new FakeClock();
const ctx = { signal: new AbortController().signal, clock, log: silentLogger };
const nodeWith = (podCIDR?: string): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n' },
  spec: podCIDR ? { podCIDR } : {},
});

/** Notes what it is asked for, and fails as long as `fails`. */
function startSetup() {
  const machine = { asked: [] as string[], fails: true, tries: 0 };
  const network: Pick<PodNetwork, 'configure'> = {
    configure: async ({ podCidrs }) => {
      machine.asked.push(podCidrs.join());
      if (machine.fails) throw new Error('the lock is held');
    },
  };
  const setup = new NetworkSetup(network as PodNetwork, undefined, () => machine.tries++);
  return { setup, machine };
}

it('what failed is tried again every ten seconds until it goes well, and each try is told of', async () => {
  const { setup, machine } = startSetup();
  await setup.configure(nodeWith('10.1.0.0/24'), ctx);
  await clock.advance(10_000);
  expect(machine).toMatchObject({ asked: ['10.1.0.0/24', '10.1.0.0/24'], tries: 2 });
  machine.fails = false;
  await clock.advance(60_000);
  expect(machine).toMatchObject({ asked: ['10.1.0.0/24', '10.1.0.0/24', '10.1.0.0/24'], tries: 3 });
});

it('only what the Node said last is tried again', async () => {
  const { setup, machine } = startSetup();
  await setup.configure(nodeWith(), ctx);
  await setup.configure(nodeWith('10.1.0.0/24'), ctx);
  await setup.configure(nodeWith('10.2.0.0/24'), ctx);
  machine.fails = false;
  await clock.advance(60_000);
  expect(machine.asked).toEqual(['10.1.0.0/24', '10.2.0.0/24', '10.2.0.0/24']);
});
