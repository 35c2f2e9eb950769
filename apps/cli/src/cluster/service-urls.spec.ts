import type { Service } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
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
  expect(serviceUrls(service(spec), '192.0.2.1')).toEqual({ urls, faults: [] });
});

it('a headless Service has no address', () => {
  expect(() => serviceUrls(service({ clusterIP: 'None', ports: [{ port: 80 }] }), '192.0.2.1')).toThrow(
    'Service a/s is headless',
  );
});

describe('an address at which another cluster answers is not given', () => {
  const lost = (reason: string, nodePort?: string) => ({
    reason,
    nodePort,
    words: 'a/s: it is lost',
    uid: 'u',
    node: 'n',
  });
  const ports = [
    { port: 80, nodePort: 30080 },
    { port: 53, nodePort: 30053, protocol: 'UDP' },
    { port: 81, nodePort: 30081 },
  ];
  const answers = (...faults: ReturnType<typeof lost>[]) =>
    serviceUrls(service({ type: 'NodePort', ports }), '192.0.2.1', faults);
  const forward = (port: number) =>
    `at http://127.0.0.1:${20000 + port} while this runs: kubectl port-forward -n a service/s ${20000 + port}:${port}`;

  it('for a node port that is lost, and the cluster IP is named', () => {
    expect(answers(lost('NodePortUnavailable', '30080/TCP'), lost('NodePortUnavailable', '30053/UDP'))).toEqual({
      urls: ['http://192.0.2.1:30081'],
      faults: [
        `a/s: it is lost. It answers from this machine at http://10.96.0.7:80, or ${forward(80)}`,
        'a/s: it is lost. It answers from this machine at udp://10.96.0.7:53',
      ],
    });
  });

  it('for any port of a Service whose rules the node does not take, and no cluster IP is named', () => {
    expect(answers(lost('ServiceRulesRefused'))).toEqual({
      urls: [],
      faults: [
        `a/s: it is lost. It answers ${forward(80)}`,
        'a/s: it is lost. Its pods alone answer; see kubectl get endpointslices',
        `a/s: it is lost. It answers ${forward(81)}`,
      ],
    });
  });

  it('but is where another port is lost', () => {
    expect(answers(lost('NodePortUnavailable', '30080/UDP')).faults).toEqual([]);
  });
});
