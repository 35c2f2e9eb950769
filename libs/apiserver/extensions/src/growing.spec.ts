import { Catalog } from '@kubernest/apiserver/contract';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';
import { atOnce, type KubeObject, type Steps } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionsOf } from './definitions-of.ts';
import { extensions } from './extensions.ts';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const boxes = '/apis/example.com/v1/namespaces/default/boxes';

const definition = (items: object) => ({
  metadata: { name: 'boxes.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'boxes', singular: 'box', kind: 'Box', listKind: 'BoxList' },
    versions: ['v1', 'v2'].map((name) => ({
      name,
      served: true,
      storage: name === 'v1',
      schema: {
        openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { list: items } } } },
      },
    })),
  },
});
const box = (items: number, name = 'a') => ({
  apiVersion: 'example.com/v1',
  kind: 'Box',
  metadata: { name },
  spec: { list: Array.from({ length: items }, () => ({})) },
});

describe('a short body that its defaults make longer than anything is stored', () => {
  const owned = new AsyncDisposableStack();
  let api: TestServer;
  beforeAll(async () => {
    const catalog = new Catalog(builtinKinds);
    api = owned.use(await testServer({ catalog }));
    await extensions({ core: api.server.core, catalog, dialer: cutOffDialer() }).start(api.ctx);
    const d = { type: 'array', items: { type: 'integer' }, default: Array.from({ length: 10_000 }, () => 1) };
    const items = { type: 'object', properties: { d } };
    const { object: crd } = await api.call(`POST ${crds}`, definition({ type: 'array', items }));
    const conditions = [
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: '', lastTransitionTime: null },
    ];
    const status = { ...crd.status, acceptedNames: crd.spec.names, conditions };
    await api.call(`PUT ${crds}/boxes.example.com/status`, { ...crd, status });
    expect(await api.call(`POST ${boxes}`, box(2))).toMatchObject({ status: 201 });
  });
  afterAll(() => owned.disposeAsync());

  it.each<[string, string, object, string]>([
    ['a POST', `POST ${boxes}`, box(1000, 'b'), 'application/json'],
    ['a dry run', `POST ${boxes}?dryRun=All`, box(1000, 'b'), 'application/json'],
    ['a PUT', `PUT ${boxes}/a`, box(1000), 'application/json'],
    ['a patch', `PATCH ${boxes}/a`, { spec: box(1000).spec }, 'application/merge-patch+json'],
    ['an apply', `PATCH ${boxes}/a?fieldManager=me&force=true`, box(1000), 'application/apply-patch+yaml'],
    ['an apply of what is new', `PATCH ${boxes}/b?fieldManager=me`, box(1000, 'b'), 'application/apply-patch+yaml'],
  ])('is refused in %s', async (_what, line, body, type) => {
    expect(await api.call(line, body, { 'content-type': type })).toMatchObject({
      status: 413,
      object: { reason: 'RequestEntityTooLarge', message: expect.stringContaining('with the defaults of its schema') },
    });
  });
});

describe('what lies in the store', () => {
  /** How many steps there were, and what came of them. */
  function counted<T>(work: Steps<T>): { readonly steps: number; readonly value: T } {
    for (let steps = 0; ; steps++) {
      const { done, value } = work.next();
      if (done) return { steps, value };
    }
  }
  const wide = {
    metadata: { name: 'a' },
    spec: { list: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 'v'])) },
  };
  const storage = (items: object) =>
    definitionsOf(definition(items) as unknown as CustomResourceDefinition)[0]!.storage!;

  it('is made as its definition has it by now in steps, each of some hundred members', () => {
    const { asDeclared } = storage({ type: 'object', additionalProperties: { type: 'string' } });
    const object = { apiVersion: 'example.com/v1', kind: 'Box', ...wide } as KubeObject;
    const { steps, value } = counted(asDeclared!(object, true));
    expect(value).toEqual(object);
    expect(Object.isFrozen(value)).toBe(true);
    // Copied, pruned, looked through and frozen.
    expect(steps).toBeGreaterThan((4 * 50_000) / 300);
  });

  it('grows by its defaults no more than what is stored may be long, and can be read', () => {
    const d = { type: 'string', default: 'x'.repeat(1000) };
    const { asDeclared } = storage({ type: 'array', items: { type: 'object', properties: { d } } });
    const value = atOnce(asDeclared!(box(100_000) as unknown as KubeObject, true));
    expect(JSON.stringify(value).length).toBeLessThan(2 * 1024 * 1024);
  });
});
