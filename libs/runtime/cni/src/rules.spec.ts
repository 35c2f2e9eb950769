import { describe, expect, it } from 'vitest';
import { networkNames } from './names.ts';
import { addressesOf, pluginChain } from './plugin-config.ts';
import { chainRules, hasHostPorts, jumpsInto } from './rules.ts';

const names = networkNames('default');

describe('names', () => {
  it('fit the kernel’s limits and differ between clusters', () => {
    expect(names.bridge.length).toBeLessThanOrEqual(15);
    expect(names.forwardChain.length).toBeLessThanOrEqual(28);
    expect(names.masqueradeChain.length).toBeLessThanOrEqual(28);
    expect(networkNames('other')).not.toEqual(names);
    expect(networkNames('default')).toEqual(names);
  });
});

describe('rules', () => {
  it('open forwarding both ways and masquerade what leaves the cluster', () => {
    expect(chainRules({ names, podCidrs: ['10.1.2.0/24'], clusterCidr: '10.1.0.0/16' }).split('\n')).toEqual([
      '*filter',
      `:${names.forwardChain} - [0:0]`,
      `-A ${names.forwardChain} -s 10.1.2.0/24 -j ACCEPT`,
      `-A ${names.forwardChain} -d 10.1.2.0/24 -j ACCEPT`,
      'COMMIT',
      '*nat',
      `:${names.masqueradeChain} - [0:0]`,
      `-A ${names.masqueradeChain} -s 10.1.2.0/24 -d 10.1.0.0/16 -j RETURN`,
      `-A ${names.masqueradeChain} -s 10.1.2.0/24 -d 224.0.0.0/4 -j RETURN`,
      `-A ${names.masqueradeChain} -s 10.1.2.0/24 ! -o ${names.bridge} -j MASQUERADE`,
      'COMMIT',
      '',
    ]);
  });

  it('leave to the Service rules what still has a Service address', () => {
    const rules = chainRules({ names, podCidrs: ['10.1.2.0/24'], serviceCidr: '10.96.0.0/16' });
    expect(rules.split('\n')[2]).toBe(`-A ${names.forwardChain} -d 10.96.0.0/16 -j RETURN`);
  });

  it('are taken back as they were put in, comments included', () => {
    const listing =
      '-P OUTPUT ACCEPT\n-A OUTPUT -m addrtype --dst-type LOCAL -m comment --comment "a \\"b\\" c" -j CNI-HOSTPORT-DNAT\n-A CNI-HOSTPORT-DNAT -p tcp -j CNI-DN-1\n';
    expect(jumpsInto(listing, 'CNI-HOSTPORT-DNAT')).toEqual([
      [
        '-D',
        'OUTPUT',
        '-m',
        'addrtype',
        '--dst-type',
        'LOCAL',
        '-m',
        'comment',
        '--comment',
        'a "b" c',
        '-j',
        'CNI-HOSTPORT-DNAT',
      ],
    ]);
    expect(hasHostPorts(listing)).toBe(true);
    expect(hasHostPorts('-N CNI-HOSTPORT-DNAT\n')).toBe(false);
  });
});

describe('plugin configuration', () => {
  const facts = { names, podCidrs: ['10.1.2.0/24', 'fd00:1::/64'], leaseDir: '/leases' };

  it('asks for one address of each family, with a way out for each', () => {
    const [bridge] = pluginChain(facts, []);
    expect(bridge).toMatchObject({
      type: 'bridge',
      hairpinMode: true,
      ipMasq: false,
      ipam: {
        ranges: [[{ subnet: '10.1.2.0/24' }], [{ subnet: 'fd00:1::/64' }]],
        routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
      },
    });
  });

  it('maps host ports only where there are some', () => {
    expect(pluginChain(facts, []).map((plugin) => plugin.type)).toEqual(['bridge']);
    const ports = [
      { hostPort: 80, containerPort: 8080, protocol: 'TCP', hostIP: '0.0.0.0' },
      { hostPort: 53, containerPort: 53, protocol: 'UDP', hostIP: '127.0.0.1' },
    ] as const;
    expect(pluginChain(facts, ports)[1]).toMatchObject({
      type: 'portmap',
      runtimeConfig: {
        portMappings: [
          { hostPort: 80, containerPort: 8080, protocol: 'tcp' },
          { hostPort: 53, containerPort: 53, protocol: 'udp', hostIP: '127.0.0.1' },
        ],
      },
    });
  });

  it('takes addresses from a result without their prefix length', () => {
    expect(addressesOf({ ips: [{ address: '10.1.2.5/24' }, { address: 'fd00:1::5/64' }] })).toEqual([
      '10.1.2.5',
      'fd00:1::5',
    ]);
    expect(addressesOf({})).toEqual([]);
  });
});
