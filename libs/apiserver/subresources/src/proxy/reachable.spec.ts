import { refusedAddresses } from '@kubernest/apiserver/dialer/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { container, pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());
beforeEach(() => void space.dialled.splice(0));

let count = 0;
const next = () => `x${count++}`;
const ports = [{ name: 'web', port: 80 }];

/** A Service with one slice, and perhaps the pod that it means. */
async function service(
  address: string,
  pod: { readonly ip?: string; readonly namespace?: string } = {},
): Promise<string> {
  const name = next();
  if (pod.ip)
    await space.makePod(name, { nodeName: 'n' }, { podIP: pod.ip, podIPs: [{ ip: pod.ip }], phase: 'Running' });
  await space.make('/api/v1/namespaces/space/services', { metadata: { name }, spec: { ports } });
  await space.make('/apis/discovery.k8s.io/v1/namespaces/space/endpointslices', {
    metadata: { name, labels: { 'kubernetes.io/service-name': name } },
    addressType: address.includes(':') ? 'IPv6' : 'IPv4',
    ports: [{ name: 'web', port: 8080 }],
    endpoints: [{ addresses: [address], targetRef: { kind: 'Pod', namespace: pod.namespace ?? 'space', name } }],
  });
  return name;
}

/** The answer's code and message, and where it led. */
async function ask(path: string): Promise<readonly unknown[]> {
  const { status, text } = await space.streamed(`GET ${path}`);
  return status === 200
    ? [200, ...space.dialled]
    : [status, (JSON.parse(text) as { message: string }).message, ...space.dialled];
}
const notAllowed = [400, 'address not allowed'];

describe('a proxy does not go', () => {
  // What validation lets into a status.
  const wellFormed = refusedAddresses.filter((address) => !/%|ffff:/i.test(address));

  test.each(wellFormed)('to %s by a pod’s status', async (ip) => {
    const name = next();
    await space.makePod(name, { nodeName: 'n' }, { podIP: ip, podIPs: [{ ip }], phase: 'Running' });
    expect(await ask(`${pods}/${name}:80/proxy/`)).toEqual(notAllowed);
  });

  test.each([...refusedAddresses, 'both.example', 'nobody.example'])(
    'to %s by a node’s address, to its agent or elsewhere',
    async (address) => {
      const name = next();
      await space.makeNode(name, { addresses: [{ type: 'Hostname', address }] });
      expect(await ask(`/api/v1/nodes/${name}/proxy/`)).toEqual(notAllowed);
      expect(await ask(`/api/v1/nodes/${name}:80/proxy/`)).toEqual(notAllowed);
    },
  );

  test('to a slice’s address that is no pod’s, or another namespace’s', async () => {
    for (const name of [
      await service('10.0.0.7'),
      await service('10.0.0.7', { ip: '10.0.0.8' }),
      await service('10.0.0.7', { ip: '10.0.0.7', namespace: 'default' }),
    ])
      expect(await ask(`/api/v1/namespaces/space/services/${name}:web/proxy/`)).toEqual([
        503,
        `no endpoints available for service "${name}:web"`,
      ]);
  });
});

describe('a proxy goes', () => {
  test('to the address that a name stood for when it was checked', async () => {
    await space.makeNode('named', { addresses: [{ type: 'Hostname', address: 'n.example' }] });
    expect(await ask('/api/v1/nodes/named/proxy/')).toEqual([200, '10.0.0.9:10250']);
  });

  test('to a node’s agent without a port or with its own, and to any other port of it', async () => {
    for (const name of ['n', 'n:10250', 'https:n:10250', 'n:', 'n:9100', 'https:n:9100'])
      await ask(`/api/v1/nodes/${name}/proxy/`);
    expect(space.dialled.map((each) => each.replace('10.0.0.9:', ''))).toEqual([
      '10250',
      '10250',
      '10250',
      '10250',
      '9100',
      '9100',
    ]);
  });

  test('to a pod of the Service, in the host’s network too', async () => {
    const name = await service('10.0.0.9', { ip: '10.0.0.9' });
    for (const id of [name, `${name}:web`, `${name}:80`, `http:${name}:80`])
      expect(await ask(`/api/v1/namespaces/space/services/${id}/proxy/`)).toContain(200);
    expect(new Set(space.dialled)).toEqual(new Set(['10.0.0.9:8080']));
  });

  test('to a pod’s port by name, number or declaration', async () => {
    for (const id of ['one', 'one:web', 'one:99']) await ask(`${pods}/${id}/proxy/`);
    expect(space.dialled).toEqual(['10.0.0.1:8080', '10.0.0.1:8080', '10.0.0.1:99']);
  });

  test('without a port to that of the scheme where a pod declares none', async () => {
    await space.makePod(
      'bare',
      { nodeName: 'n', containers: [{ ...container('c'), ports: [] }] },
      { podIP: '10.0.0.3', phase: 'Running' },
    );
    for (const id of ['bare', 'http:bare:', 'https:bare:']) await ask(`${pods}/${id}/proxy/`);
    expect(space.dialled).toEqual(['10.0.0.3:80', '10.0.0.3:80', '10.0.0.3:443']);
  });
});

describe('a port that is none', () => {
  test.each(['0', '00', '65536', '99999', '-1', '+80', '1e3', '0x50', 'nobody', '80 ', '８０'])(
    '(%s) is refused as Kubernetes does',
    async (port) => {
      const name = encodeURIComponent(port);
      const unreachable = [503, `error trying to reach service: dial tcp: address ${port}: invalid port`];
      expect(await ask(`${pods}/one:${name}/proxy/`)).toEqual(unreachable);
      expect(await ask(`/api/v1/nodes/n:${name}/proxy/`)).toEqual(unreachable);
    },
  );

  test.each([
    ['99999', 'no service port 99999 found for service'],
    ['-1', 'no service port -1 found for service'],
    ['0', 'no service port 0 found for service'],
    ['nobody', 'no endpoints available for service'],
  ])('of a Service (%s) neither', async (port, message) => {
    const name = await service('10.0.0.9', { ip: '10.0.0.9' });
    const id = port === 'nobody' ? `${name}:nobody` : name;
    expect(await ask(`/api/v1/namespaces/space/services/${name}:${port}/proxy/`)).toEqual([503, `${message} "${id}"`]);
  });

  test.each([
    ['a:b:c:d', 'pods', 'pod'],
    ['ftp:one:80', 'pods', 'pod'],
    [':80', 'pods', 'pod'],
    ['ftp:x:80', 'services', 'service'],
  ])('%s is no name of any of %s', async (id, resource, kind) => {
    expect(await ask(`/api/v1/namespaces/space/${resource}/${id}/proxy/`)).toEqual([
      400,
      `invalid ${kind} request "${id}"`,
    ]);
  });
});
