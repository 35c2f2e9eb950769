import type { Pod } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { type PodFacts, podOf, serviceOf } from '../shared/service-pods.fixture.ts';
import { planEndpoints } from './endpoints.plan.ts';

/** `10.0.0.1 10.0.0.2 | not ready | ports` of each subset. */
const subsets = (spec: object, pods: readonly Pod[]) =>
  (planEndpoints(serviceOf(spec), pods).subsets ?? []).map(({ addresses = [], notReadyAddresses = [], ports = [] }) =>
    [addresses, notReadyAddresses]
      .map((side) => side.map(({ ip }) => ip).join(' '))
      .concat(ports.map(({ name, port, protocol }) => `${name ?? ''}:${port}/${protocol}`).join(' '))
      .join(' | '),
  );
const at = (last: number, facts: PodFacts = {}): Pod => podOf(`p${last}`, { ip: `10.0.0.${last}`, ...facts });
const http = (containerPort: number): PodFacts => ({ ports: [{ name: 'http', containerPort }] });

describe('planEndpoints', () => {
  it.each<[string, object, Pod[], string[]]>([
    ['nobody', {}, [], []],
    [
      'ready and unready ones of one port',
      {},
      [at(2), at(1), at(3, { ready: false })],
      ['10.0.0.1 10.0.0.2 | 10.0.0.3 | :80/TCP'],
    ],
    ['none that ended', {}, [at(1, { phase: 'Failed' }), at(2, { phase: 'Succeeded' })], []],
    ['none on the way out', {}, [at(1, { leaving: true })], []],
    [
      'unready ones and those on the way out, where all are to be published',
      { publishNotReadyAddresses: true },
      [at(1, { ready: false }), at(2, { leaving: true })],
      ['10.0.0.1 10.0.0.2 |  | :80/TCP'],
    ],
    ['none of another family', { ipFamilies: ['IPv6'] }, [at(1)], []],
    [
      'several ports',
      {
        ports: [
          { port: 80, name: 'a', protocol: 'TCP' },
          { port: 53, name: 'b', protocol: 'UDP' },
        ],
      },
      [at(1)],
      ['10.0.0.1 |  | a:80/TCP b:53/UDP'],
    ],
    [
      'a subset for each number of a named port',
      { ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }] },
      [at(1, http(8080)), at(2, http(9090)), at(3, http(8080)), at(4)],
      ['10.0.0.1 10.0.0.3 |  | :8080/TCP', '10.0.0.2 |  | :9090/TCP'],
    ],
    ['a headless service without ports', { clusterIP: 'None', ports: [] }, [at(1)], ['10.0.0.1 |  | ']],
  ])('holds %s', (_what, spec, pods, expected) => {
    expect(subsets(spec, pods)).toEqual(expected);
  });

  it('says of each address which pod it is, where, and how DNS names it', () => {
    const pod = podOf('p', { node: 'n1', hostname: 'db-0', subdomain: 'web' });
    expect(planEndpoints(serviceOf(), [pod]).subsets?.[0]?.addresses).toEqual([
      {
        ip: '10.0.0.1',
        hostname: 'db-0',
        nodeName: 'n1',
        targetRef: { kind: 'Pod', namespace: 'default', name: 'p', uid: 'uid-p' },
      },
    ]);
  });

  it('mirrors the labels of its service and says who keeps it', () => {
    const { metadata } = planEndpoints(serviceOf({ clusterIP: 'None' }, { team: 'x' }), []);
    expect(metadata.labels).toEqual({
      team: 'x',
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
      'service.kubernetes.io/headless': '',
    });
    expect(metadata.annotations).toBeUndefined();
  });

  it('holds a thousand, the ready ones first, and says that there are more', () => {
    const pods = Array.from({ length: 1003 }, (_, i) =>
      podOf(`p${i}`, { ip: `10.1.${i >> 8}.${i & 255}`, ready: i >= 10 }),
    );
    const { subsets, metadata } = planEndpoints(serviceOf(), pods);
    expect([subsets?.[0]?.addresses?.length, subsets?.[0]?.notReadyAddresses?.length]).toEqual([993, 7]);
    expect(metadata.annotations).toEqual({ 'endpoints.kubernetes.io/over-capacity': 'truncated' });
  });
});
