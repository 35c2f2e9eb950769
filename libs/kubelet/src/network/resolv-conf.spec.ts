import { expect, it } from 'vitest';
import type { Pod } from '../types.ts';
import { type DnsSettings, type MachineResolver, resolvConf, resolvFault } from './resolv-conf.ts';

const pod = (spec: Partial<Pod['spec'] & object> = {}): Pod => ({
  metadata: { name: 'p', namespace: 'ns' },
  spec: { containers: [], ...spec },
});
const dns = (...clusterDns: string[]): DnsSettings => ({ clusterDns, clusterDomain: 'cluster.local' });
const machine: MachineResolver = {
  own: 'nameserver 127.0.0.53\noptions edns0\nsearch lan\n',
  upstream: '# made by a resolver\nnameserver 127.0.0.1\nnameserver 192.0.2.53\nnameserver ::1\nsearch lan\n',
};
const cluster =
  'nameserver 10.96.0.10\nsearch ns.svc.cluster.local svc.cluster.local cluster.local lan\noptions ndots:5\n';
const upstream = 'nameserver 192.0.2.53\nsearch lan\n';

it.each<[string, Pod, DnsSettings, string]>([
  ['asks the cluster’s DNS where there is one', pod(), dns('10.96.0.10'), cluster],
  ['asks whom the machine asks where there is none', pod(), dns(), upstream],
  ['asks whom the machine asks with policy Default', pod({ dnsPolicy: 'Default' }), dns('10.96.0.10'), upstream],
  [
    'in the network of the machine asks its resolver on loopback',
    pod({ hostNetwork: true }),
    dns('10.96.0.10'),
    'nameserver 127.0.0.53\nsearch lan\noptions edns0\n',
  ],
  [
    'in the network of the machine asks the cluster’s DNS when it wants to',
    pod({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }),
    dns('10.96.0.10'),
    cluster,
  ],
  [
    'asks only whom it names with policy None',
    pod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['198.51.100.1'] } }),
    dns('10.96.0.10'),
    'nameserver 198.51.100.1\n',
  ],
  [
    'asks three servers at most, each once',
    pod({ dnsConfig: { nameservers: ['192.0.2.53', '198.51.100.1', '198.51.100.2', '198.51.100.3'] } }),
    dns(),
    'nameserver 192.0.2.53\nnameserver 198.51.100.1\nnameserver 198.51.100.2\nsearch lan\n',
  ],
])('a pod %s', (_, given, settings, text) => {
  expect(resolvConf(given, settings, machine)).toBe(text);
  expect(resolvFault(text)).toBeUndefined();
});

it('a pod that can ask nobody is told why', () => {
  const text = resolvConf(pod(), dns(), { own: machine.own, upstream: '' });
  expect(text).not.toContain('nameserver');
  expect(resolvFault(text)).toMatch(/no cluster DNS.*loopback.*dnsConfig/);
});
