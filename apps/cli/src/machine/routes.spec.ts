import { expect, it } from 'vitest';
import { defaultLink, routesIn } from './routes.ts';

const table = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;

it('a route has a link, where it leads, and through what', () => {
  expect(routesIn(table)[2]).toEqual({ link: 'eth0', destination: '000200C0', gateway: '00000000', mask: '00FFFFFF' });
  expect([routesIn(''), routesIn(table.split('\n')[0]!)]).toEqual([[], []]);
});

it('the default one leads everywhere, and half of everywhere is none', () => {
  expect(defaultLink(routesIn(table))).toBe('eth0');
  expect(defaultLink(routesIn(table.replace('eth0\t00000000', 'eth0\t00000001')))).toBeUndefined();
});
