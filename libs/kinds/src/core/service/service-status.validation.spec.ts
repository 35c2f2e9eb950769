import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { faultsOfStatus, kindOf } from '../../kind-faults.fixture.ts';

type Loose = Record<string, unknown>;
const service = (ingress: readonly Loose[] = [], type = 'LoadBalancer') => ({
  spec: { type, ports: [{ port: 80 }] },
  status: { loadBalancer: { ingress } },
});
const at = 'status.loadBalancer.ingress[0]';
const noAddress = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const rule = '203.0.113.77/32 -j ACCEPT\n-A KN-REJECT -s 203.0.113.99/32';

describe('a load balancer may say of itself', () => {
  it.each<[Loose, string[]]>([
    [{ ip: '203.0.113.1' }, []],
    [{ ip: '2001:db8::1', ipMode: 'Proxy' }, []],
    [{ hostname: 'lb.example.test' }, []],
    [{ ip: rule }, [`${at}.ip: Invalid value: ${JSON.stringify(rule)}: ${noAddress}`]],
    [{ ip: '203.0.113.1\n' }, [`${at}.ip: Invalid value: "203.0.113.1\\n": ${noAddress}`]],
    [{ ip: '203.0.113.0/24' }, [`${at}.ip: Invalid value: "203.0.113.0/24": ${noAddress}`]],
    [
      { ip: '203.0.113.1', ipMode: 'Magic' },
      [`${at}.ipMode: Unsupported value: "Magic": supported values: "Proxy", "VIP"`],
    ],
    [{ ipMode: 'VIP' }, [`${at}.ipMode: Forbidden: may not be specified when \`ip\` is not set`]],
    [{ hostname: '10.0.0.1' }, [`${at}.hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address`]],
    [{ hostname: 'a b' }, [expect.stringContaining(`${at}.hostname: Invalid value: "a b": a lowercase RFC 1123`)]],
  ])('%j: %j', (ingress, faults) => {
    expect(faultsOfStatus('Service', service(), service([ingress]))).toEqual(faults);
  });

  it('nothing when there is none', () => {
    expect(faultsOfStatus('Service', service([], 'ClusterIP'), service([{ ip: '203.0.113.1' }], 'ClusterIP'))).toEqual([
      "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
    ]);
  });

  it('what it said before, by rules of old', () => {
    const before = service([{ ip: '010.0.0.1' }]);
    expect(faultsOfStatus('Service', before, before)).toEqual([]);
    expect(faultsOfStatus('Service', service(), before)).toHaveLength(1);
  });
});

it('an address of which nothing else is said is the nodes’ to answer', () => {
  const draft = service([{ ip: '203.0.113.1' }, { hostname: 'a.test' }]) as unknown as KubeObject;
  kindOf('Service').defaults!(draft);
  expect(draft).toMatchObject({
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.1', ipMode: 'VIP' }, { hostname: 'a.test' }] } },
  });
});

it.each(['ClusterIP', 'NodePort', 'ExternalName'])('its addresses go when it becomes a %s', (type) => {
  const old = service([{ ip: '203.0.113.1' }]) as unknown as KubeObject;
  const draft = structuredClone(service([{ ip: '203.0.113.1' }], type)) as unknown as KubeObject;
  kindOf('Service').prepareForUpdate!(draft, old);
  expect(draft).toMatchObject({ status: { loadBalancer: {} } });
  expect(JSON.stringify(draft)).not.toContain('203.0.113.1');
});
