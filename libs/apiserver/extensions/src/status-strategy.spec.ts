import { Catalog } from '@kubernest/apiserver/contract';
import { type ResourceDefinition, writersMetadata } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { apiVersionOf, type KubeObject } from '@kubernest/meta';
import { testServer } from '@kubernest/testkit/server';
import { describe, expect, it } from 'vitest';
import { widget } from './widget.fixture.ts';

const widgetExample = { ...widget.example, metadata: { name: 'widget', namespace: 'one' }, spec: { a: 1 } };

/** What each kind's status strategy puts back, beside all that is neither metadata nor status. compat: few of the old kinds put back much. */
const keeps: Readonly<Record<string, readonly string[]>> = {
  APIService: ['labels', 'annotations', 'finalizers', 'ownerReferences'],
  CertificateSigningRequest: [],
  CustomResourceDefinition: [],
  Deployment: ['labels'],
  Namespace: [],
  Node: [],
  Pod: ['ownerReferences'],
  ReplicaSet: [],
  Service: [],
  Widget: ['labels', 'annotations', 'finalizers', 'ownerReferences'],
};

const kinds = [...builtinKinds.filter(({ statusSubresource }) => statusSubresource), widget];

it('each kind with a status of its own is in the table', () => {
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(Object.keys(keeps).sort());
});

const metadataOf = (word: string) => ({
  labels: { says: word },
  annotations: { says: word },
  finalizers: [`example.org/${word}`],
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: word, uid: word }],
});

/** Each asks for other metadata and, where that can be asked for, for no spec. */
const writes: Readonly<Record<string, (object: KubeObject) => readonly [body: unknown, type: string]>> = {
  PUT: ({ metadata, spec: _, ...rest }: KubeObject & { readonly spec?: unknown }) => [
    { ...rest, metadata: { ...metadata, ...metadataOf('after') } },
    'application/json',
  ],
  'PATCH by merge': () => [{ metadata: metadataOf('after'), spec: null }, 'application/merge-patch+json'],
  'PATCH by strategic merge': () => [
    { metadata: metadataOf('after'), spec: null },
    'application/strategic-merge-patch+json',
  ],
  'PATCH by operations': () => [
    [
      ...Object.entries(metadataOf('after')).map(([field, value]) => ({
        op: 'replace',
        path: `/metadata/${field}`,
        value,
      })),
      { op: 'remove', path: '/spec' },
    ],
    'application/json-patch+json',
  ],
  'PATCH by apply': ({ apiVersion, kind, metadata: { name } }) => [
    { apiVersion, kind, metadata: { name, ...metadataOf('after') } },
    'application/apply-patch+yaml',
  ],
};

function pathOf(definition: ResourceDefinition): string {
  const { group, namespaced, plural } = definition;
  const root = `/${group ? 'apis' : 'api'}/${apiVersionOf(definition)}`;
  return `${root}/${namespaced ? 'namespaces/one/' : ''}${plural}`;
}

const cases = kinds.flatMap((definition) =>
  Object.keys(writes)
    .filter((how) => !(definition.customSchema && how.includes('strategic')))
    .map((how) => [definition.kind, how, definition] as const),
);

describe.each(cases)('the status of a %s, by %s', (kind, how, definition) => {
  it('is written with no more than its strategy lets through, and nothing else is owned by the writer', async () => {
    await using api = await testServer({ catalog: new Catalog([...builtinKinds, widget]) });
    const path = pathOf(definition);
    const example = (definition === widget ? widgetExample : definition.example) as KubeObject;
    const name = example.metadata.name!;
    const metadata = { name, ...metadataOf('before') };
    const made = await api.call(`POST ${path}`, { ...example, metadata });
    expect([made.status, made.object.message]).toEqual([201, undefined]);
    const [body, type] = writes[how]!(made.object);
    const { status, object } = await api.call(
      `${how.split(' ')[0]} ${path}/${name}/status?fieldManager=writer${how.includes('apply') ? '&force=true' : ''}`,
      body,
      { 'content-type': type },
    );
    expect([status, object.message]).toEqual([200, undefined]);
    expect(object.spec).toEqual(made.object.spec);
    const kept = writersMetadata.filter((field) => !JSON.stringify(object.metadata[field]).includes('after'));
    expect(kept).toEqual(keeps[kind]);
    const entry = object.metadata.managedFields.find(({ manager }: { manager: string }) => manager === 'writer');
    const owned = Object.keys(entry?.fieldsV1['f:metadata'] ?? {}).filter((field) => field !== '.');
    expect(owned.sort()).toEqual(
      writersMetadata
        .filter((field) => !kept.includes(field))
        .map((field) => `f:${field}`)
        .sort(),
    );
  });
});
