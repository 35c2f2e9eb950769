import { expect, it } from 'vitest';
import { linkRanges, machineRanges, routeRanges } from './networks.ts';
import { routesIn } from './routes.ts';

const route = (link: string, destination: string, gateway: string, mask: string): string =>
  `${link}\t${destination}\t${gateway}\t0003\t0\t0\t0\t${mask}\t0\t0\t0`;
const table = (...routes: readonly string[]): string => `Iface\tDestination\tGateway ...\n${routes.join('\n')}\n`;

it.each([
  ['of a link is its own', route('eth0', '000200C0', '00000000', '00FFFFFF'), ['192.0.2.0/24']],
  [
    'through a gateway has that, too',
    route('tun0', '0000120A', '0101A8C0', '0000FFFF'),
    ['10.18.0.0/16', '192.168.1.1/32'],
  ],
  ['by default takes its gateway alone', route('eth0', '00000000', '010200C0', '00000000'), ['192.0.2.1/32']],
  ['that is half of the default one is none', route('tun0', '00000080', '00000000', '00000080'), []],
  ['to a whole 10.0.0.0/8 is one to the outside', route('tun0', '0000000A', '00000000', '000000FF'), []],
  ['to one machine is one address', route('wg0', '0401630A', '00000000', 'FFFFFFFF'), ['10.99.1.4/32']],
])('a route %s', (_what, line, cidrs) => {
  expect(routeRanges(routesIn(table(line))).map(({ cidr }) => cidr)).toEqual(cidrs);
});

it('a link has its addresses and the network they lie in, of IPv4', () => {
  const links = {
    eth0: [
      { address: '192.0.2.2', cidr: '192.0.2.2/24' },
      { address: 'fe80::1', cidr: 'fe80::1/64' },
    ],
    wide0: [{ address: '10.1.2.3', cidr: '10.1.2.3/8' }],
  };
  expect(linkRanges(links)).toEqual([
    { cidr: '192.0.2.2/24', whose: 'this machine (eth0)' },
    { cidr: '192.0.2.2/32', whose: 'this machine (eth0)' },
    { cidr: '10.1.2.3/32', whose: 'this machine (wide0)' },
  ]);
});

it('without a route nothing is taken, and those of this machine can be read', () => {
  expect(routeRanges([])).toEqual([]);
  expect(machineRanges().map(({ cidr }) => cidr)).toContain('127.0.0.1/32');
});
