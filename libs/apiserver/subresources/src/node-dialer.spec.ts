import { describe, expect, test } from 'vitest';
import { directDialer } from './node-dialer.ts';

describe('the direct dialer', () => {
  const dialer = directDialer(() => ({ ca: 'ca', cert: 'cert', key: 'key' }));
  const reader = (node?: object) => ({ get: () => node }) as never;

  test('goes to the address that a node prefers and the port its agent told', () => {
    const addresses = [
      { type: 'Hostname', address: 'n' },
      { type: 'InternalIP', address: '192.0.2.7' },
    ];
    const daemonEndpoints = { kubeletEndpoint: { Port: 10260 } };
    expect(dialer.toNode('n', reader({ status: { addresses, daemonEndpoints } }))).toMatchObject({
      protocol: 'https:',
      host: '192.0.2.7',
      port: 10260,
      servername: '',
      ca: 'ca',
      cert: 'cert',
      key: 'key',
    });
    expect(dialer.toNode('n', reader({ status: { addresses } })).port).toBe(10250);
  });

  test('goes to no node that is simulated', () => {
    const status = { addresses: [{ type: 'InternalIP', address: '245.0.0.1' }] };
    const nodeInfo = { containerRuntimeVersion: 'hollow://1' };
    expect(() => dialer.toNode('n', reader({ status: { ...status, nodeInfo } }))).toThrow(
      'node "n" is simulated: its pods have no containers',
    );
  });

  test('says which node it does not know or cannot reach', () => {
    expect(() => dialer.toNode('n', reader())).toThrow('nodes "n" not found');
    expect(() => dialer.toNode('n', reader({}))).toThrow('node "n" has no address yet');
  });
});
