import { builtinKinds, findBodyType } from '@kubernest/kinds';
import { atOnce } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { ResourceDefinition } from '../definition.ts';
import { documentParts } from './document-parts.ts';
import { loadDescriptions } from './documents.ts';
import { rootPath } from './names.ts';
import { operationsOf } from './operations.ts';
import { openApiV2 } from './v2.ts';

const kindNamed = (name: string) => builtinKinds.find(({ kind }) => kind === name)!;
/** As if it were of a CustomResourceDefinition. */
const custom = (definition: ResourceDefinition, group = 'example.test'): ResourceDefinition => ({
  ...definition,
  group,
  schema: { ...definition.schema, name: '' },
  customSchema: {
    *openApi() {
      yield;
      return { type: 'object' };
    },
  } as unknown as NonNullable<ResourceDefinition['customSchema']>,
});
const subresource = (name: string, verbs: readonly string[], more: { options?: string } = {}) => ({
  of: { group: '', resource: 'pods' },
  name,
  verbs,
  ...more,
});
const added = [
  subresource('log', ['get']),
  subresource('proxy', ['create', 'delete', 'get', 'patch', 'update'], { options: 'PodProxyOptions' }),
];
const surroundings = { subresources: added, findBodyType };
const told = (definition: ResourceDefinition) =>
  operationsOf(definition, surroundings).map(({ method, path, action }) => `${method} ${path} ${action}`);

describe.each(builtinKinds)('$group $kind', (definition) => {
  const root = rootPath(definition);
  const { plural, namespaced, verbs } = definition;
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const watched = collection.replace(root, `${root}/watch`);
  const expected: Readonly<Record<string, readonly string[]>> = {
    get: [`get ${collection}/{name} get`],
    list: [`get ${collection} list`, `get ${root}/${plural} list`],
    create: [`post ${collection} post`],
    update: [`put ${collection}/{name} put`],
    patch: [`patch ${collection}/{name} patch`],
    delete: [`delete ${collection}/{name} delete`],
    deletecollection: [`delete ${collection} deletecollection`],
    watch: [`get ${watched} watchlist`, `get ${root}/watch/${plural} watchlist`, `get ${watched}/{name} watch`],
  };

  it('has an operation for each of its verbs, and no other', () => {
    const own = told(definition).filter((line) => !line.includes('{name}/'));
    expect(own.sort()).toEqual([...new Set(verbs.flatMap((verb) => expected[verb]!))].sort());
  });

  it('is read, replaced and patched through its status and scale', () => {
    const parts = [definition.statusSubresource && 'status', definition.scale && 'scale'].filter(Boolean);
    for (const part of parts)
      expect(told(definition).filter((line) => line.includes(`{name}/${part} `))).toEqual(
        ['get', 'put', 'patch'].map((method) => `${method} ${collection}/{name}/${part} ${method}`),
      );
  });
});

it('tells of no path for watches of a custom kind', () => {
  expect(told(custom(kindNamed('ConfigMap'))).filter((line) => line.includes('/watch/'))).toEqual([]);
});

const media = (definition: ResourceDefinition, action: string) => {
  const { body, media: answered } = operationsOf(definition, surroundings).find((each) => each.action === action)!;
  return { sent: body?.media, answered };
};

it('tells in which forms each kind is sent and answered', () => {
  const [builtIn, widget] = [kindNamed('ConfigMap'), custom(kindNamed('ConfigMap'))];
  const text = ['application/json', 'application/yaml'];
  const protobuf = 'application/vnd.kubernetes.protobuf';
  expect(media(builtIn, 'get').answered).toEqual([...text, protobuf]);
  expect(media(builtIn, 'list').answered).toEqual([
    ...text,
    protobuf,
    'application/json;stream=watch',
    `${protobuf};stream=watch`,
  ]);
  expect(media(builtIn, 'post').sent).toEqual(['*/*']);
  expect(media(builtIn, 'patch').sent).toContain('application/strategic-merge-patch+json');
  expect(media(widget, 'list').answered).toEqual(text);
  expect(media(widget, 'post').sent).toEqual(text);
  expect(media(widget, 'patch').sent).toEqual([
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/apply-patch+yaml',
  ]);
  expect(media(kindNamed('Pod'), 'connect').answered).toEqual(['*/*']);
});

it.each(['', '/{path}'])('tells of proxies%s with every method', (more) => {
  const methods = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put'];
  const path = `/api/v1/namespaces/{namespace}/pods/{name}/proxy${more}`;
  const lines = told(kindNamed('Pod')).filter((line) => line.endsWith(` ${path} connect`));
  expect(lines.sort()).toEqual(methods.map((method) => `${method} ${path} connect`));
});

it('tells that a log is read as text', () => {
  const log = operationsOf(kindNamed('Pod'), surroundings).find(({ path }) => path.endsWith('/log'))!;
  expect([log.id, log.action, log.media[0]]).toEqual(['readCoreV1NamespacedPodLog', 'get', 'text/plain']);
});

it.each(['Pod', 'Service', 'ServiceAccount', 'ConfigMap', 'Node'])(
  'tells what the end of a %s is answered by',
  (kind) => {
    const { answer } = operationsOf(kindNamed(kind), surroundings).find(({ action }) => action === 'delete')!;
    const isShown = ['Pod', 'Service', 'ServiceAccount'].includes(kind);
    expect(answer).toEqual(isShown ? { kind: kindNamed(kind) } : { meta: 'Status' });
  },
);

const pathsOf = (definitions: readonly ResourceDefinition[], documents: readonly string[] = []) =>
  documentParts({ definitions, subresources: [], findBodyType, documents }).map(({ path }) => path);

it('has documents of discovery, of built-in groups and of what is served beside', () => {
  const [deployment, widget] = [kindNamed('Deployment'), custom(kindNamed('ConfigMap'))];
  expect(pathsOf([deployment, widget])).toEqual([
    'api',
    'apis',
    'version',
    'apis/apps',
    'apis/apps/v1',
    'apis/example.test/v1',
  ]);
  const documents = ['/openid/v1/jwks', '/metrics'];
  expect(pathsOf([], documents)).toEqual(['api', 'apis', 'version', 'openid/v1/jwks']);
  const group = (definition: ResourceDefinition) =>
    documentParts({ definitions: [definition], subresources: [], findBodyType, documents: [] })
      .at(-1)!
      .operations();
  const idsOf = (definition: ResourceDefinition) => [...group(definition)].flat().map(({ id }) => id);
  expect(idsOf(deployment)).toContain('getAppsV1APIResources');
  expect(idsOf(widget)).not.toContain('getExampleTestV1APIResources');
});

it('rests between kinds, so that hundreds of them keep nobody waiting', async () => {
  const definitions = Array.from({ length: 50 }, (_, at) => custom(kindNamed('ConfigMap'), `g${at}.test`));
  const parts = documentParts({ definitions, subresources: [], findBodyType, documents: [] });
  const options = { version: 'v1', descriptions: await loadDescriptions() };
  let rests = 0;
  for (const steps = openApiV2(parts, options); !steps.next().done; ) rests++;
  // Once for its schema, which its custom schema makes in steps of its own, and once for its paths.
  expect(rests).toBeGreaterThanOrEqual(2 * definitions.length);
  expect(Object.keys(atOnce(openApiV2(parts, options))['paths'] as object)).toHaveLength(3 * definitions.length + 3);
});
