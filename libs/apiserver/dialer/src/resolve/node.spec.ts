import { describe, expect, test } from 'vitest';
import { agentOf } from './node.ts';

describe('a node’s agent', () => {
  const reader = (node?: object) => ({ get: () => node }) as never;

  test('listens at the address that the node prefers and the port it told', () => {
    const addresses = [
      { type: 'Hostname', address: 'n' },
      { type: 'InternalIP', address: '192.0.2.7' },
    ];
    const daemonEndpoints = { kubeletEndpoint: { Port: 10260 } };
    const told = reader({ status: { addresses, daemonEndpoints } });
    expect(agentOf(told, 'n')).toEqual({ host: '192.0.2.7', port: 10260 });
    expect(agentOf(reader({ status: { addresses } }), 'n').port).toBe(10250);
  });

  test('is not found where the node is not, or has no address', () => {
    expect(() => agentOf(reader(), 'n')).toThrow('nodes "n" not found');
    expect(() => agentOf(reader({}), 'n')).toThrow('node "n" has no address yet');
  });
});
