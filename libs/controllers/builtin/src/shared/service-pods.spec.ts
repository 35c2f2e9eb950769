import { expect, it } from 'vitest';
import { podOf, serviceOf } from './service-pods.fixture.ts';
import { portsFor, portsForEach } from './service-pods.ts';

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

it('a named port is the first of its name and protocol, of containers before sidecars', () => {
  const pod = podOf('p', {
    ports: [
      { name: 'a', containerPort: 1, protocol: 'UDP' },
      { name: 'a', containerPort: 2 },
      { name: 'a', containerPort: 3 },
    ],
    sidecarPorts: [
      { name: 'a', containerPort: 4 },
      { name: 'b', containerPort: 5 },
    ],
  });
  const ports = [
    { port: 10, targetPort: 'a' },
    { port: 11, targetPort: 'a', protocol: 'UDP' },
    { port: 12, targetPort: 'b' },
    { port: 13, targetPort: 'b', protocol: 'UDP' },
    { port: 14, targetPort: '15' },
  ];
  expect(portsFor(serviceOf({ ports }), pod).map(({ port }) => port)).toEqual([2, 1, 5, 15]);
});

it('a pod is read once, however many ports its services have', () => {
  let reads = 0;
  const ports = named('p', 100).map((name, i) => ({
    get name() {
      reads++;
      return name;
    },
    containerPort: i + 1,
  }));
  const pod = podOf('p', { ports });
  const service = serviceOf({ ports: named('p', 1000).map((targetPort, i) => ({ port: i + 1, targetPort })) });
  expect(portsFor(service, pod)).toHaveLength(100);
  expect(portsFor(service, pod)).toHaveLength(100);
  expect(reads).toBe(100);
});

it('pods that call the same ports alike get one list, whatever else they have', () => {
  const service = serviceOf({ ports: [{ port: 80, targetPort: 'web' }, { port: 81 }] });
  const portsOf = portsForEach(service);
  const web = (containerPort: number, ...others: object[]) =>
    podOf('p', { ports: [...others, { name: 'web', containerPort }] });
  expect(portsOf(web(8080))).toBe(portsOf(web(8080, { name: 'metrics', containerPort: 1 })));
  for (const pod of [web(8080), web(8081), podOf('none')]) expect(portsOf(pod)).toEqual(portsFor(service, pod));
});
