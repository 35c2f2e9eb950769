import type { ServiceRules } from '@kubernest/proxy/contract';
import { describe, expect, it } from 'vitest';
import { type PlainRule, rulesOf } from '../../contract/src/rules.fixture.ts';
import { staleUdpFlows } from './stale-udp.ts';

const to = (...ends: string[]) =>
  ends.map((end) => ({ ip: end.split(':')[0]!, port: Number(end.split(':')[1]), local: true }));
const rules = (...ports: readonly PlainRule[]): ServiceRules =>
  rulesOf(
    ports.map((over) => ({
      ...{ id: 'default/dns', protocol: 'UDP', port: 53, clusterEndpoints: [] },
      ...{ externalEndpoints: over.clusterEndpoints ?? [], ...over },
    })),
  );
const everywhere = { nodePort: 30053, externalIPs: ['198.51.100.9'], loadBalancerIPs: ['203.0.113.1'] };
const flows = (before: ServiceRules, after: ServiceRules) => staleUdpFlows(before, after).map((each) => each.join(' '));

const clusterIP = '--orig-dst 10.96.0.5 --orig-port-dst 53';
const outside = [
  '--orig-dst 198.51.100.9 --orig-port-dst 53',
  '--orig-dst 203.0.113.1 --orig-port-dst 53',
  '--orig-port-dst 30053',
];
const a = '--dst-nat 10.244.0.2 --reply-port-src 5353';

describe('UDP flows to forget', () => {
  it.each<[string, ServiceRules, ServiceRules, string[]]>([
    [
      'none where endpoints only join',
      rules({ clusterEndpoints: to('10.244.0.2:5353') }),
      rules({ clusterEndpoints: to('10.244.0.2:5353', '10.244.0.3:5353') }),
      [],
    ],
    ['none of TCP', rules({ protocol: 'TCP', clusterEndpoints: to('10.244.0.2:5353') }), rules(), []],
    [
      'those to an endpoint that left, whatever address they came by',
      rules({ ...everywhere, clusterEndpoints: to('10.244.0.2:5353', '10.244.0.3:5353') }),
      rules({ ...everywhere, clusterEndpoints: to('10.244.0.3:5353') }),
      [clusterIP, ...outside].map((at) => `${at} ${a}`),
    ],
    [
      'those to a port that an endpoint has no more',
      rules({ clusterEndpoints: to('10.244.0.2:5353') }),
      rules({ clusterEndpoints: to('10.244.0.2:53') }),
      [`${clusterIP} ${a}`],
    ],
    [
      'those of a Service that is gone',
      rules({ clusterEndpoints: to('10.244.0.2:5353') }),
      rules(),
      [`${clusterIP} ${a}`],
    ],
    [
      'those of a node port that is gone',
      rules({ nodePort: 30053, clusterEndpoints: to('10.244.0.2:5353') }),
      rules({ clusterEndpoints: to('10.244.0.2:5353') }),
      [`--orig-port-dst 30053 ${a}`],
    ],
    [
      'all that began when nobody answered',
      rules({ ...everywhere }),
      rules({ ...everywhere, clusterEndpoints: to('10.244.0.2:5353') }),
      [clusterIP, ...outside],
    ],
    [
      'all that began before there was a Service',
      rules(),
      rules({ clusterEndpoints: to('10.244.0.2:5353') }),
      [clusterIP],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(flows(before, after)).toEqual(expected);
  });
});
