import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../tools/test/facts.ts';
import { eventually } from '../cluster/test-cluster.ts';
import { OwnAddresses } from './support/own-address.ts';
import { SampleApiserver } from './support/sample-apiserver.ts';
import { TwoApis } from './support/two-apis.ts';

const GROUP = 'wardle.example.com';
const account = 'system:serviceaccount:wardle:apiserver';

/** As its own manifests have them: who is asked about others, and by whom it believes others are spoken for. */
const manifests = (address: string, port: number) => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'api', namespace: 'wardle' },
    spec: { ports: [{ port: 443 }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'api', namespace: 'wardle', labels: { 'kubernetes.io/service-name': 'api' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address] }],
    ports: [{ name: '', port }],
  },
  ...['v1alpha1', 'v1beta1'].map((version, i) => ({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${GROUP}` },
    spec: {
      group: GROUP,
      version,
      service: { namespace: 'wardle', name: 'api' },
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 1000,
      versionPriority: 15 + i,
    },
  })),
];

describe('Kubernetes’ own sample of an aggregated API server, as written in Go', needs('go', 'sampleApiserver'), () => {
  let two: TwoApis;
  let addresses: OwnAddresses;
  let sample: SampleApiserver;
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-sample-'));

  beforeAll(async () => {
    two = await TwoApis.start();
    addresses = await OwnAddresses.add();
    const { a } = two;
    const grant = (kind: string, ...args: string[]) => a.kubectl(['create', kind, ...args]);
    await grant('namespace', 'wardle');
    await a.kubectl(['-n', 'wardle', 'create', 'serviceaccount', 'apiserver']);
    await grant('clusterrolebinding', 'wardle', '--clusterrole=system:auth-delegator', `--user=${account}`);
    const role = '--role=extension-apiserver-authentication-reader';
    await a.kubectl(['-n', 'kube-system', 'create', 'rolebinding', 'wardle', role, `--user=${account}`]);
    const token = (await a.kubectl(['-n', 'wardle', 'create', 'token', 'apiserver'])).trim();
    sample = await SampleApiserver.start({ dir, etcd: two.etcd.endpoint, address: addresses.first, api: a, token });
    const items = manifests(addresses.first, sample.port);
    await a.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  }, 260_000);

  afterAll(async () => {
    await sample?.[Symbol.asyncDispose]();
    await addresses?.[Symbol.asyncDispose]();
    await two?.[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  });

  const flunder = (name: string) =>
    `{apiVersion: ${GROUP}/v1beta1, kind: Flunder, metadata: {name: ${name}}, spec: {referenceType: Flunder, flunderReference: f}}`;

  it('is available once it answers, in both versions', async () => {
    await eventually(async () => {
      const table = await two.b.kubectl(['get', 'apiservices', '--no-headers']);
      const own = table.split('\n').filter((line) => line.includes(GROUP));
      expect(own.map((line) => line.split(/\s+/).slice(1, 3))).toEqual([
        ['wardle/api', 'True'],
        ['wardle/api', 'True'],
      ]);
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${sample.said}`);
    });
  });

  it('kubectl makes, applies, lists, explains and deletes its objects, in the version that is preferred', async () => {
    const { a, b } = two;
    await eventually(async () =>
      expect(await b.kubectl(['api-resources', `--api-group=${GROUP}`, '-o', 'name'])).toContain('flunders'),
    );
    await a.kubectl(['create', '-f', '-'], flunder('one'));
    await a.kubectl(['apply', '--server-side', '-f', '-'], flunder('two'));
    expect(await b.kubectl(['get', 'flunders', '-o', 'name'])).toBe(`flunder.${GROUP}/one\nflunder.${GROUP}/two\n`);
    expect(await b.kubectl(['get', 'flunder', 'one', '-o', 'jsonpath={.apiVersion}'])).toBe(`${GROUP}/v1beta1`);
    expect(await b.kubectl(['get', `flunders.v1alpha1.${GROUP}`, 'one', '-o', 'jsonpath={.spec.reference}'])).toBe('f');
    expect(await a.kubectl(['explain', 'flunder.spec'])).toContain('flunderReference');
    await expect(a.kubectl(['create', '-f', '-'], flunder('three').replace('flunderRef', 'wrong'))).rejects.toThrow(
      'wrong',
    );
    await a.kubectl(['delete', 'flunder', 'two']);
    expect(await b.kubectl(['get', 'flunders', '-o', 'name'])).toBe(`flunder.${GROUP}/one\n`);
  });

  it('it asks the cluster who may, in the name of who asked', async () => {
    const { a } = two;
    const asEve = (...args: string[]) => a.kubectl(['--as=eve', '-n', 'default', ...args]);
    await expect(asEve('get', 'flunders')).rejects.toThrow('User "eve" cannot list resource "flunders"');
    await a.kubectl(['create', 'role', 'flunders', '--verb=list', `--resource=flunders.${GROUP}`]);
    await a.kubectl(['create', 'rolebinding', 'flunders', '--role=flunders', '--user=eve']);
    await eventually(() => asEve('get', 'flunders'));
  });

  it('its objects go with their namespace', async () => {
    const { a } = two;
    await a.kubectl(['create', 'namespace', 'pond']);
    await a.kubectl(['-n', 'pond', 'create', '-f', '-'], flunder('wet'));
    await a.kubectl(['delete', 'namespace', 'pond', '--timeout=40s']);
    await expect(a.kubectl(['-n', 'pond', 'get', 'flunder', 'wet'])).rejects.toThrow('not found');
  });
});
