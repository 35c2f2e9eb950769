import { atOnce } from '@kubernest/meta';
import { describe, expect, test } from 'vitest';
import { isAggregated, resourcesInGroups, resourcesInList } from './discovery.ts';

const inGroups = (...from: Parameters<typeof resourcesInGroups>) => atOnce(resourcesInGroups(...from));
const inList = (...from: Parameters<typeof resourcesInList>) => atOnce(resourcesInList(...from));

const gv = { group: 'orchard.example', version: 'v1' };
const bytes = (document: unknown) => Buffer.from(JSON.stringify(document));
const kind = { ...gv, kind: 'Tree' };
const verbs = ['get', 'list'];

const trees = {
  resource: 'trees',
  responseKind: kind,
  scope: 'Namespaced',
  singularResource: 'tree',
  verbs,
  shortNames: ['tr'],
  subresources: [
    { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: ['get'] },
  ],
};
const groups = (items: unknown) => bytes({ kind: 'APIGroupDiscoveryList', items });
const group = (resources: unknown, name = gv.group, version = gv.version) => ({
  metadata: { name },
  versions: [{ version, freshness: 'Stale', resources }],
});

describe('in a list of groups', () => {
  test('its own group-version is found among others', () => {
    const list = groups([group([], 'apps'), group([trees]), group([{ ...trees, resource: 'other' }], gv.group, 'v2')]);
    expect(inGroups(list, gv)).toEqual([trees]);
  });

  test.each<[string, unknown]>([
    ['nobody of that name', [group([trees], 'apps')]],
    ['nothing of a group', [null, 1, 'x', { metadata: null }]],
    ['no list', {}],
  ])('%s tells of nothing', (_what, items) => {
    expect(inGroups(groups(items), gv)).toEqual([]);
  });

  test('only what is known is taken, in its form', () => {
    const odd = { resource: 'a', verbs: ['get', 1, null], scope: 5, shortNames: 'x', more: {}, subresources: [7] };
    expect(inGroups(groups([group([odd, null])]), gv)).toEqual([
      {
        resource: 'a',
        responseKind: { ...gv, kind: '' },
        scope: 'Cluster',
        singularResource: '',
        verbs: ['get'],
      },
    ]);
  });
});

describe('in a list of resources', () => {
  const list = (resources: unknown, groupVersion = 'orchard.example/v1') =>
    bytes({ kind: 'APIResourceList', groupVersion, resources });

  test('a subresource is found with its resource, or alone', () => {
    const scale = {
      name: 'trees/scale',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get'],
    };
    const resources = [
      scale,
      { name: 'trees', singularName: 'tree', namespaced: true, kind: 'Tree', verbs, shortNames: ['tr'] },
      { name: 'lost/status', namespaced: false, kind: 'Lost', verbs },
    ];
    expect(inList(list(resources), gv)).toEqual([
      trees,
      {
        resource: 'lost',
        responseKind: { group: '', version: '', kind: '' },
        scope: 'Cluster',
        singularResource: '',
        verbs: [],
        subresources: [{ subresource: 'status', responseKind: { ...gv, kind: 'Lost' }, verbs }],
      },
    ]);
  });

  test('of another group-version nothing is believed', () => {
    expect(() => inList(list([], 'apps/v1'), gv)).toThrow('it is of "apps/v1" and not of orchard.example/v1');
  });
});

test.each([
  ['not JSON', Buffer.from('<html>')],
  ['something else', bytes({ kind: 'Status' })],
  ['no object', bytes([])],
])('what is %s is neither', (_what, body) => {
  expect(() => inGroups(body, gv)).toThrow();
  expect(() => inList(body, gv)).toThrow();
});

test.each([
  [200, 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', true],
  [200, 'application/json; as=APIGroupDiscoveryList; g=apidiscovery.k8s.io; v=v2beta1', true],
  [200, 'application/json', false],
  [404, 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', false],
])('%d with %s is all at once: %j', (status, type, expected) => {
  expect(isAggregated({ status, headers: { 'content-type': type } })).toBe(expected);
});

test('either is read in steps, as many resources as it may name', () => {
  const many = Array.from({ length: 3_000 }, (_, i) => ({ resource: `r${i}`, name: `r${i}`, verbs: ['get'] }));
  const groups = {
    kind: 'APIGroupDiscoveryList',
    items: [{ metadata: { name: gv.group }, versions: [{ version: gv.version, resources: many }] }],
  };
  const list = { kind: 'APIResourceList', groupVersion: `${gv.group}/${gv.version}`, resources: many };
  for (const reading of [resourcesInGroups(bytes(groups), gv), resourcesInList(bytes(list), gv)]) {
    let steps = 0;
    let step = reading.next();
    for (; !step.done; step = reading.next()) steps++;
    expect(step.value).toHaveLength(many.length);
    expect(steps).toBeGreaterThanOrEqual(many.length);
  }
});
