import type { KubeObject } from '@kubernest/meta';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../cluster/test-cluster.ts';
import type { Api } from './support/api.ts';
import { GROUP, ROOT, VERSION } from './support/orchard/documents.ts';
import { NAME, Orchard } from './support/orchard/orchard.ts';
import { refs } from './support/refs.ts';
import { ctx, Seen } from './support/seen.ts';
import { TwoApis } from './support/two-apis.ts';

let two: TwoApis;
let orchard: Orchard;
beforeAll(async () => {
  two = await TwoApis.start();
  orchard = await Orchard.plant(two.a);
});
afterAll(async () => {
  await orchard?.[Symbol.asyncDispose]();
  await two?.[Symbol.asyncDispose]();
});

const pears = { group: GROUP, version: 'v1', resource: 'pears' };
const pear = (name: string, more = '') =>
  `{apiVersion: ${VERSION}, kind: Pear, metadata: {name: ${name}${more}}, spec: {sweetness: 3}}`;
const isTold = (expected: string) => eventually(async () => expect(await orchard.availability()).toBe(expected));

it('an APIService is available once its server answers; what is ours is listed beside it', async () => {
  await two.a.kubectl(['wait', '--for=condition=Available', '--timeout=20s', `apiservice/${NAME}`]);
  const table = await two.b.kubectl(['get', 'apiservices', '--no-headers']);
  const lines = table
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/).slice(0, 3));
  expect(lines).toContainEqual([NAME, 'orchard/trees', 'True']);
  expect(lines).toContainEqual(['v1.apps', 'Local', 'True']);
  expect(lines).toContainEqual(['v1.', 'Local', 'True']);
});

it('its kind is like any other, through every API server: create, get, explain, watch, change, delete', async () => {
  const { a, b } = two;
  await eventually(async () => {
    for (const api of [a, b])
      expect(await api.kubectl(['api-resources', `--api-group=${GROUP}`, '-o', 'name'])).toBe(`pears.${GROUP}\n`);
  });
  const { metadata } = await b.client().resource(pears).list({ namespace: 'default' }, ctx);
  using seen = new Seen<KubeObject>(b.client(), pears, {
    namespace: 'default',
    resourceVersion: metadata.resourceVersion!,
  });
  expect(await a.kubectl(['create', '-f', '-'], pear('conference'))).toBe(`pear.${GROUP}/conference created\n`);
  expect(await b.kubectl(['get', 'pr', '-o', 'name'])).toBe(`pear.${GROUP}/conference\n`);
  await a.kubectl(['label', 'pear', 'conference', 'ripe=yes']);
  expect(await b.kubectl(['get', 'pear', 'conference', '-o', 'jsonpath={.metadata.labels.ripe}'])).toBe('yes');
  await a.kubectl(['delete', 'pear', 'conference']);
  await seen.until((events) => events.length === 3);
  expect(seen.events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  for (const api of [a, b])
    await eventually(async () =>
      expect(await api.kubectl(['explain', 'pear.spec.sweetness'])).toContain('How sweet it tastes.'),
    );
});

it('who may is decided before it is asked, and it is told who asks', async () => {
  const { a } = two;
  const asEve = (...args: string[]) => a.kubectl(['--as=eve', ...args]);
  await expect(asEve('get', 'pears')).rejects.toThrow('User "eve" cannot list resource "pears"');
  expect(orchard.server.users).not.toContain('eve');
  await a.kubectl(['create', 'clusterrole', 'pears', '--verb=list', `--resource=pears.${GROUP}`]);
  await a.kubectl(['create', 'clusterrolebinding', 'pears', '--clusterrole=pears', '--user=eve']);
  await eventually(() => asEve('get', 'pears'));
  expect(orchard.server.users).toContain('eve');
  expect(orchard.server.users).toContain('system:kube-aggregator');
});

it('an answer that is broken off ends that answer, and nothing else', async () => {
  orchard.server.manners = 'breaks off';
  await expect(two.a.kubectl(['get', '--raw', `${ROOT}/pears`])).rejects.toThrow(/EOF|reset/);
  orchard.server.manners = 'answers';
  expect(await two.a.kubectl(['get', '--raw', `${ROOT}/pears`])).toContain('PearList');
  expect(await orchard.availability()).toBe('True');
});

it('what it claims of other groups and versions nobody believes', async () => {
  const { a } = two;
  orchard.server.manners = 'lies';
  // Asked for what it serves is who comes back.
  await orchard.ready(false);
  await isTold('False (MissingEndpoints)');
  await orchard.ready(true);
  await isTold('True');
  await eventually(async () => expect(orchard.server.lies).toBeGreaterThan(1));
  expect(await a.kubectl(['api-resources', `--api-group=${GROUP}`, '-o', 'name'])).toBe(`pears.${GROUP}\n`);
  expect(await a.kubectl(['api-resources', '--api-group=stolen.example.org', '-o', 'name'])).toBe('');
  expect(await a.kubectl(['get', 'pods', '-A', '-o', 'name'])).toBe('');
  expect(await a.kubectl(['api-versions'])).not.toContain('stolen');
  orchard.server.manners = 'answers';
});

it('one that hangs keeps nobody else waiting, and is found out', async () => {
  const client = two.a.client();
  orchard.server.manners = 'hangs';
  let isWaiting = true;
  const waiting = client
    .resource(pears)
    .list({ namespace: 'default' }, ctx)
    .catch(() => {})
    .finally(() => {
      isWaiting = false;
    });
  for (let i = 0; i < 50; i++) await client.resource(refs.configmaps).list({ namespace: 'default' }, ctx);
  await client.raw({ method: 'GET', path: '/apis' }, ctx);
  await client.raw({ method: 'GET', path: '/openapi/v3' }, ctx);
  expect(isWaiting).toBe(true);
  await orchard.stir();
  await isTold('False (FailedDiscoveryCheck)');
  await expect(two.a.kubectl(['get', '--raw', `${ROOT}/pears`])).rejects.toThrow(
    /unable to handle the request|unavailable/,
  );
  orchard.server.manners = 'answers';
  await orchard.stir();
  await isTold('True');
  // Whoever asked while it hung is not answered by what comes later.
  orchard.server.drop();
  await waiting;
});

it('while nobody is there the rest goes on: what was known stays known, namespaces go, owned objects go', async () => {
  const { a, b } = two;
  await a.kubectl(['create', 'namespace', 'attic']);
  await a.kubectl(['-n', 'attic', 'create', 'configmap', 'box']);
  await a.kubectl(['-n', 'attic', 'create', '-f', '-'], pear('winter'));
  await a.kubectl(['create', '-f', '-'], pear('summer'));
  await orchard.ready(false);
  await isTold('False (MissingEndpoints)');
  await eventually(async () => expect(await orchard.availability(b)).toBe('False (MissingEndpoints)'));
  await expect(b.kubectl(['get', 'pears'])).rejects.toThrow(/unable to handle the request|unavailable|stale/);
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const known = async (api: Api) => {
    const { object } = await api.client().raw({ method: 'GET', path: '/apis', headers: { accept } }, ctx);
    const { items } = object as unknown as {
      items: readonly { metadata: { name: string }; versions: readonly Told[] }[];
    };
    const found = items.find(({ metadata }) => metadata.name === GROUP)?.versions[0];
    return [found?.freshness, found?.resources?.map(({ resource }) => resource)];
  };
  await eventually(async () => expect(await known(a)).toEqual(['Stale', ['pears']]));
  await a.kubectl(['delete', 'namespace', 'attic', '--timeout=30s']);
  await a.kubectl(['create', 'configmap', 'owner']);
  const uid = await a.kubectl(['get', 'configmap', 'owner', '-o', 'jsonpath={.metadata.uid}']);
  const owned = `{apiVersion: v1, kind: ConfigMap, metadata: {name: owned, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: ${uid}}]}}`;
  await a.kubectl(['create', '-f', '-'], owned);
  await a.kubectl(['delete', 'configmap', 'owner']);
  await a.kubectl(['wait', '--for=delete', '--timeout=30s', 'configmap/owned']);
  await orchard.ready(true);
  await isTold('True');
  await eventually(async () => expect(await b.kubectl(['get', 'pears', '-o', 'name'])).toBe(`pear.${GROUP}/summer\n`));
  for (const api of [a, b]) await eventually(async () => expect(await known(api)).toEqual(['Current', ['pears']]));
});
interface Told {
  readonly freshness?: string;
  readonly resources?: readonly { readonly resource: string }[];
}

it('its objects go with their namespace and by their owners, as any others', async () => {
  const { a } = two;
  await a.kubectl(['create', 'namespace', 'cellar']);
  await a.kubectl(['-n', 'cellar', 'create', '-f', '-'], pear('old'));
  await a.kubectl(['delete', 'namespace', 'cellar', '--timeout=30s']);
  await expect(a.kubectl(['-n', 'cellar', 'get', 'pear', 'old'])).rejects.toThrow('not found');
  await a.kubectl(['create', 'configmap', 'tree']);
  const uid = await a.kubectl(['get', 'configmap', 'tree', '-o', 'jsonpath={.metadata.uid}']);
  const owners = `, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: tree, uid: ${uid}}]`;
  await a.kubectl(['create', '-f', '-'], pear('grown', owners));
  await a.kubectl(['delete', 'configmap', 'tree']);
  await a.kubectl(['wait', '--for=delete', '--timeout=30s', 'pear/grown']);
});

it('a server that was killed hands its requests on again after its start', async () => {
  const { a } = two;
  await a.end('SIGKILL');
  await a.start();
  await eventually(async () => expect(await a.kubectl(['get', 'pears', '-o', 'name'])).toBe(`pear.${GROUP}/summer\n`));
});

it('its group goes with the APIService, on every server', async () => {
  const { a, b } = two;
  await a.kubectl(['delete', 'apiservice', NAME]);
  for (const api of [a, b])
    await eventually(async () => {
      await expect(api.kubectl(['get', '--raw', ROOT])).rejects.toThrow('could not find the requested');
      expect(await api.kubectl(['api-versions'])).not.toContain(GROUP);
    });
});
