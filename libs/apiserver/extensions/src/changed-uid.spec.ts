import { Catalog } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { apiVersionOf, type KubeObject } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { widget } from './widget.fixture.ts';

// What Kubernetes 1.36 answers each of these.

const widgetExample = { ...widget.example, metadata: { name: 'widget', namespace: 'one' }, spec: { a: 1 } };
const exampleOf = (definition: ResourceDefinition): KubeObject =>
  (definition === widget ? widgetExample : definition.example) as KubeObject;

let api: TestServer;
beforeAll(async () => {
  api = await testServer({ catalog: new Catalog([...builtinKinds, widget]) });
});
afterAll(() => api[Symbol.asyncDispose]());

function collectionOf(definition: ResourceDefinition): string {
  const { group, namespaced, plural } = definition;
  const root = `/${group ? 'apis' : 'api'}/${apiVersionOf(definition)}`;
  const { namespace } = exampleOf(definition).metadata;
  return `${root}/${namespaced ? `namespaces/${namespace}/` : ''}${plural}`;
}

/** Each makes the object another one. */
const patches: Readonly<Record<string, (definition: ResourceDefinition, uid: string) => unknown>> = {
  'merge-patch+json': (_, uid) => ({ metadata: { uid } }),
  'strategic-merge-patch+json': (_, uid) => ({ metadata: { uid } }),
  'json-patch+json': (_, uid) => [{ op: 'replace', path: '/metadata/uid', value: uid }],
  'apply-patch+yaml': (definition, uid) => ({
    apiVersion: apiVersionOf(definition),
    kind: definition.kind,
    metadata: { name: exampleOf(definition).metadata.name, uid },
  }),
};

const isPassedOver = (definition: ResourceDefinition, below: string): boolean =>
  definition.customSchema !== undefined && below === '/status';

const kinds = [...builtinKinds.filter(({ verbs, virtual }) => !virtual && verbs.includes('patch')), widget];
const cases = kinds.flatMap((definition) =>
  ['', ...(definition.statusSubresource ? ['/status'] : [])].map(
    (below) => [`${apiVersionOf(definition)} ${definition.kind}${below}`, definition, below] as const,
  ),
);

describe.each(cases)('the uid of a %s', (_, definition, below) => {
  const how = Object.keys(patches).filter((type) => !(definition.customSchema && type.includes('strategic')));

  it.each(how)('is not changed by %s', async (type) => {
    const example = exampleOf(definition);
    const path = collectionOf(definition);
    const object = `${path}/${example.metadata.name}`;
    await api.call(`POST ${path}`, example);
    const { uid } = (await api.call(`GET ${object}`)).object.metadata;
    expect(uid).toMatch(/^[0-9a-f-]{36}$/);
    const patch = (wanted: string) =>
      api.call(`PATCH ${object}${below}?fieldManager=me`, patches[type]!(definition, wanted), {
        'content-type': `application/${type}`,
      });
    const refused = await patch('other');
    if (isPassedOver(definition, below)) expect(refused.object.metadata.uid).toBe(uid);
    else
      expect(refused.object).toMatchObject({
        code: 422,
        reason: 'Invalid',
        message: expect.stringMatching(/ is invalid: metadata.uid: Invalid value: "other": field is immutable$/),
      });
    for (const same of ['', uid]) expect((await patch(same)).object.metadata.uid).toBe(uid);
    const stale = await api.call(`PUT ${object}${below}`, {
      ...(await api.call(`GET ${object}`)).object,
      metadata: { name: example.metadata.name, uid: 'other' },
    });
    expect(stale.object).toMatchObject({ code: 409, reason: 'Conflict' });
  });
});
