import type { Service } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { serviceUrls } from './service-urls.ts';

const service = (spec: object): Service =>
  ({ metadata: { namespace: 'a', name: 's' }, spec: { clusterIP: '10.96.0.7', ...spec } }) as Service;

it.each([
  ['a cluster IP', { ports: [{ port: 80 }] }, ['http://10.96.0.7:80']],
  ['a node port', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }, ['http://192.0.2.1:30080']],
  ['port 443', { ports: [{ port: 443 }] }, ['https://10.96.0.7:443']],
  ['a port named http on 443', { ports: [{ port: 443, name: 'http-tunnel' }] }, ['http://10.96.0.7:443']],
  ['a port named https', { ports: [{ port: 8443, name: 'https' }] }, ['https://10.96.0.7:8443']],
  ['an application protocol', { ports: [{ port: 9, name: 'http', appProtocol: 'https' }] }, ['https://10.96.0.7:9']],
  [
    'several ports',
    {
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 80, protocol: 'TCP' },
      ],
    },
    ['udp://10.96.0.7:53', 'http://10.96.0.7:80'],
  ],
  ['a name outside', { type: 'ExternalName', externalName: 'db.example', clusterIP: undefined }, ['db.example']],
])('a Service with %s answers there', (_, spec, urls) => {
  expect(serviceUrls(service(spec), '192.0.2.1')).toEqual(urls);
});

it('a headless Service has no address', () => {
  expect(() => serviceUrls(service({ clusterIP: 'None', ports: [{ port: 80 }] }), '192.0.2.1')).toThrow(
    'Service a/s is headless',
  );
});
