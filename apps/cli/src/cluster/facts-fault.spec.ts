import { expect, it } from 'vitest';
import { faultOf } from './facts-fault.ts';
import { nodePortsOf } from './node-ports.ts';
import { rangesOf } from './ranges.ts';

const facts = { format: 1, name: 'a', index: 3, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' };

it.each([
  [{ index: 77 }, 'index is no number from 0 to 50'],
  [{ index: -1 }, 'index is no number from 0 to 50'],
  [{ index: 1.5 }, 'index is no number from 0 to 50'],
  [{ index: '3' }, 'index is no number from 0 to 50'],
  [{ apiPort: 0 }, 'apiPort is no port'],
  [{ kubeletPort: 70_000 }, 'kubeletPort is no port'],
  [{ name: 'a b' }, 'name is no name of a cluster'],
  [{ name: ['a'] }, 'name is no name of a cluster'],
  [{ store: '' }, 'store is no text'],
  [{ podCidr: 'foo' }, 'podCidr is no IPv4 range'],
  [{ podCidr: null }, 'podCidr is no IPv4 range'],
  [{ serviceCidr: 'fd00::/64' }, 'serviceCidr is no IPv4 range'],
  [{ nodePorts: '32767-30000' }, 'nodePorts is no range of ports'],
  [{ nodePorts: '1-70000' }, 'nodePorts is no range of ports'],
  [{ nodeName: 7 }, 'nodeName is no text'],
])('%j is told of', (damage, fault) => {
  expect(faultOf({ ...facts, ...damage })).toBe(fault);
});

it('facts without a fault can be worked with, and a range that would be refused today stays', () => {
  const whole = { ...facts, podCidr: '127.0.0.0/8', serviceCidr: '10.9.0.0/16', nodePorts: '1-65535', nodeName: 'n' };
  for (const each of [facts, whole]) {
    expect(faultOf(each)).toBeUndefined();
    expect(() => [rangesOf(each), nodePortsOf(each.index, undefined)]).not.toThrow();
  }
});
