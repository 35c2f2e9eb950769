import { type AdmissionPlugin, Catalog } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { testServer } from '@kubernest/testkit/server';
import { describe, expect, it } from 'vitest';

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const widget: ResourceDefinition = {
  ...configMap,
  group: 'example.test',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
  allowCreateOnUpdate: true,
};
const going = { ...widget, takesNoNew: 'the kind goes' };
const path = '/apis/example.test/v1/namespaces/one/widgets';
const ref = { group: 'example.test', version: 'v1', resource: 'widgets' };
const body = { apiVersion: 'example.test/v1', kind: 'Widget', metadata: { name: 'late', namespace: 'one' } };
const apply = { 'content-type': 'application/apply-patch+yaml' };

type Api = Awaited<ReturnType<typeof testServer>>;
type Refusal = { readonly code?: number; readonly message?: string };

const creations: Readonly<Record<string, (api: Api) => Promise<Refusal>>> = {
  POST: async (api) => (await api.call(`POST ${path}`, body)).object,
  'POST as a dry run': async (api) => (await api.call(`POST ${path}?dryRun=All`, body)).object,
  PUT: async (api) => (await api.call(`PUT ${path}/late`, body)).object,
  apply: async (api) => (await api.call(`PATCH ${path}/late?fieldManager=a`, body, apply)).object,
  'a write of the server itself': (api) => {
    const by = { user: { username: 'ann', groups: [] }, fieldManager: 'a', dryRun: false };
    return api.server.core.write.create(body, ref, by, api.ctx).then(
      () => ({}),
      (error: Refusal) => error,
    );
  },
};

/** Lets a creation begin and go no further until it is released. */
class Gate implements AdmissionPlugin {
  readonly name = 'gate';
  readonly sees = { resources: ['widgets.example.test'], on: ['create'] } as const;
  readonly reached = Promise.withResolvers<void>();
  readonly released = Promise.withResolvers<void>();

  async validate(): Promise<void> {
    this.reached.resolve();
    await this.released.promise;
  }
}

describe.each(Object.entries(creations))('of a kind that goes, by %s', (_how, create) => {
  it('nothing is made, though what there is can be changed', async () => {
    const catalog = new Catalog([...builtinKinds, widget]);
    await using api = await testServer({ catalog });
    await api.call(`POST ${path}`, { metadata: { name: 'old' } });
    catalog.apply({ served: [going] });
    expect(await create(api)).toMatchObject({
      code: 403,
      message: 'widgets.example.test "late" is forbidden: the kind goes',
    });
    const labels = { a: 'b' };
    const config = { ...body, metadata: { name: 'old', labels } };
    const changed = await api.call(`PATCH ${path}/old?fieldManager=a`, config, apply);
    expect(changed.object.metadata).toMatchObject({ labels });
    expect((await api.call(`GET ${path}`)).object.items).toHaveLength(1);
  });
});

// A dry run ends before the store.
const stored = Object.entries(creations).filter(([how]) => !how.includes('dry'));

describe.each(stored)('of a kind that changes, by %s', (_how, create) => {
  it.each([
    ['goes', [going], 403],
    ['is gone', [], 404],
    ['is in no namespace any more', [{ ...widget, namespaced: false }], 404],
  ])('nothing is left behind where it %s meanwhile', async (_what, served, code) => {
    const gate = new Gate();
    const catalog = new Catalog([...builtinKinds, widget]);
    await using api = await testServer({ catalog, plugins: [gate] });
    const answer = create(api);
    await gate.reached.promise;
    catalog.apply({ served, ...(served.length === 0 && { gone: [widget] }) });
    gate.released.resolve();
    expect(await answer).toMatchObject({ code });
    expect((await api.store.list('/registry/example.test/', {}, api.ctx)).entries).toEqual([]);
  });
});

it('discovery lists no verb that makes or changes its objects', async () => {
  await using api = await testServer({ catalog: new Catalog([...builtinKinds, going]) });
  const verbs = ['delete', 'deletecollection', 'get', 'list', 'watch'];
  expect((await api.call('GET /apis/example.test/v1')).object.resources).toMatchObject([{ verbs }]);
});

it('what lies in a namespace is deleted with all others of a kind that is in none now', async () => {
  const catalog = new Catalog([...builtinKinds, widget]);
  await using api = await testServer({ catalog });
  await api.call(`POST ${path}`, { metadata: { name: 'old' } });
  catalog.apply({ served: [{ ...widget, namespaced: false }] });
  const all = '/apis/example.test/v1/widgets';
  await api.call(`DELETE ${all}`);
  expect((await api.call(`GET ${all}`)).object.items).toEqual([]);
});
