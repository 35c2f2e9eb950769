import { Catalog } from '@kubernest/apiserver/contract';
import { builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';
import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionsOf } from './definitions-of.ts';

const kinds = [...new Map(builtinKinds.map(({ plural, kind }) => [plural, kind]))];
const scopes = ['Namespaced', 'Cluster'] as const;
const groupOf = (scope: string): string => `${scope.toLowerCase()}.example.com`;

/** What anybody may declare: a kind that is called as one of ours is. */
function declared(plural: string, kind: string, scope: 'Namespaced' | 'Cluster'): CustomResourceDefinition {
  const group = groupOf(scope);
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        metadata: { type: 'object' },
        spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  };
  return {
    metadata: { name: `${plural}.${group}`, uid: plural, resourceVersion: '0' },
    spec: {
      group,
      scope,
      names: { plural, singular: kind.toLowerCase(), kind },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  } as CustomResourceDefinition;
}

const cases = scopes.flatMap((scope) => kinds.map(([plural, kind]) => ({ scope, plural, kind })));
let api: TestCluster;
beforeAll(async () => {
  const custom = cases.flatMap(({ scope, plural, kind }) => definitionsOf(declared(plural, kind, scope)));
  api = await testCluster({ catalog: new Catalog([...builtinKinds, ...custom]) });
});
afterAll(() => api[Symbol.asyncDispose]());

/** Parts of pods, Services, Nodes and roles that our plugins look at. */
const spec = {
  containers: [{ name: 'c' }],
  ports: [{ port: 80 }],
  type: 'NodePort',
  runtimeClassName: 'x',
  priority: 7,
};

describe('a custom kind that is called as a built-in one is', () => {
  it.each(cases)('$scope $plural is stored as it is sent', async ({ scope, plural, kind }) => {
    const place = scope === 'Namespaced' ? 'namespaces/default/' : '';
    const url = `/apis/${groupOf(scope)}/v1/${place}${plural}`;
    const body = { apiVersion: `${groupOf(scope)}/v1`, kind, metadata: { name: 'x' }, spec };
    const made = await api.call(admin, `POST ${url}`, body);
    expect([made.status, made.object.spec, made.object.metadata.generation]).toEqual([201, spec, 1]);
    const status = await api.call(admin, `PATCH ${url}/x/status`, { status: { certificate: 'c' } });
    expect([status.status, status.object.status]).toEqual([200, { certificate: 'c' }]);
    const changed = await api.call(admin, `PATCH ${url}/x`, { spec: { priority: 8 } });
    expect([changed.status, changed.object.spec]).toEqual([200, { ...spec, priority: 8 }]);
    const { managedFields, ...meta } = changed.object.metadata;
    const names = ['creationTimestamp', 'generation', 'name', 'resourceVersion', 'uid'];
    expect([
      Object.keys(meta)
        .filter((name) => name !== 'namespace')
        .sort(),
      meta.generation,
    ]).toEqual([names, 2]);
    expect((await api.call(admin, `DELETE ${url}/x`)).status).toBe(200);
    expect((await api.call(admin, `GET ${url}/x`)).status).toBe(404);
  });

  it('takes nothing from what is shared', async () => {
    expect((await api.store.list('/kubernest/ranges/', {}, api.ctx)).entries).toEqual([]);
  });
});
