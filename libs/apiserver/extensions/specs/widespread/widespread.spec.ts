import type { KubeObject } from '@kubernest/meta';
import type { TestServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backups } from './backups.ts';
import { brokers } from './brokers.ts';
import { certificates } from './certificates.ts';
import { clusters } from './clusters.ts';
import { compositions } from './compositions.ts';
import { monitors } from './monitors.ts';
import { policies } from './policies.ts';
import type { Project, Spec } from './project.ts';
import { rollouts } from './rollouts.ts';
import { routes } from './routes.ts';
import { secrets } from './secrets.ts';
import { type ServedDefinitions, servedDefinitions } from './served.fixture.ts';

const projects: readonly Project[] = [
  backups,
  brokers,
  certificates,
  clusters,
  compositions,
  monitors,
  policies,
  rollouts,
  routes,
  secrets,
];

let served: ServedDefinitions;
let api: TestServer;
beforeAll(async () => {
  served = await servedDefinitions(projects);
  ({ api } = served);
});
afterAll(() => served?.[Symbol.asyncDispose]());

/** What a schema may say, in Kubernetes' own order. */
const keywords = [
  ...[
    'description',
    'type',
    'format',
    'title',
    'default',
    'maximum',
    'exclusiveMaximum',
    'minimum',
    'exclusiveMinimum',
  ],
  ...[
    'maxLength',
    'minLength',
    'pattern',
    'maxItems',
    'minItems',
    'uniqueItems',
    'multipleOf',
    'enum',
    'maxProperties',
  ],
  ...['minProperties', 'required', 'items', 'allOf', 'oneOf', 'anyOf', 'not', 'properties', 'additionalProperties'],
  ...['example', 'nullable', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'],
  ...['x-kubernetes-int-or-string', 'x-kubernetes-list-map-keys', 'x-kubernetes-list-type', 'x-kubernetes-map-type'],
  'x-kubernetes-validations',
];

it('the ten use every keyword there is, but for those that Kubernetes refuses or only shows', () => {
  const schemas = projects.flatMap(({ definition }) =>
    (definition.spec['versions'] as readonly { schema: { openAPIV3Schema: Schema } }[]).map(
      ({ schema }) => schema.openAPIV3Schema,
    ),
  );
  expect([...new Set(schemas.flatMap(keywordsIn))].sort()).toEqual([...keywords].sort());
});

function keywordsIn(schema: Schema): readonly string[] {
  const { properties = {}, items, additionalProperties, not, allOf = [], anyOf = [], oneOf = [] } = schema;
  const below = [...Object.values(properties), ...allOf, ...anyOf, ...oneOf, items, additionalProperties, not];
  return [...Object.keys(schema), ...below.filter((each) => each !== undefined).flatMap(keywordsIn)];
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly not?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const typed = (type: string) => ({ 'content-type': `application/${type}` });
const asTable = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

interface Version {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
}

/** Where its objects are. */
function placesOf({ definition: { metadata, spec }, sent }: Project) {
  const { group, scope, names } = spec as { group: string; scope: string; names: { plural: string; kind: string } };
  const inNamespace = scope === 'Namespaced' ? 'namespaces/default/' : '';
  return {
    crd: `${crds}/${metadata.name}`,
    kind: names.kind,
    plural: names.plural,
    group,
    versions: spec['versions'] as readonly Version[],
    in: (version: string) => `/apis/${group}/${version}/${inNamespace}${names.plural}`,
    own: `/apis/${sent.apiVersion}/${inNamespace}${names.plural}`,
  };
}

describe.each(projects.map((project) => [project.definition.metadata.name, project] as const))('%s', (_, project) => {
  const { crd, kind, plural, group, versions, in: inVersion, own } = placesOf(project);
  const first = `${own}/first`;
  const read = async (path: string) => (await api.call(`GET ${path}`)).object;
  const merge = (path: string, patch: object) => api.call(`PATCH ${path}`, patch, typed('merge-patch+json'));

  it('is established, and says which rules nobody enforces', async () => {
    const { status, object, headers } = await api.call(`POST ${crds}`, project.definition);
    expect([status, object.message]).toEqual([201, undefined]);
    const said = async (type: string): Promise<string | undefined> =>
      (await read(crd)).status?.conditions?.find((each: { type: string }) => each.type === type)?.status;
    await served.until(async () => (await said('Established')) === 'True');
    const hasRules = JSON.stringify(project.definition).includes('x-kubernetes-validations');
    expect([await said('NonStructuralSchema'), await said('ValidationRulesNotEnforced')]).toEqual([
      undefined,
      hasRules ? 'True' : undefined,
    ]);
    expect((headers['warning'] ?? '').includes('x-kubernetes-validations are not enforced')).toBe(hasRules);
    const { storedVersions } = (await read(crd)).status;
    expect(storedVersions).toEqual(versions.filter(({ storage }) => storage).map(({ name }) => name));
  });

  it('is found, with its subresources, in each version that is served', async () => {
    for (const { name, served } of versions) {
      const { status, object } = await api.call(`GET /apis/${group}/${name}`);
      expect(status, name).toBe(served ? 200 : 404);
      if (served) expect(object.resources[0]).toMatchObject({ name: plural, kind });
    }
  });

  it('has an object made: what is unknown is dropped and told of, what is missing has its default', async () => {
    const { status, object, headers } = await api.call(`POST ${own}`, project.sent);
    expect([status, object.message]).toEqual([201, undefined]);
    expect(object.spec).toEqual(project.read[project.sent.apiVersion!.split('/')[1]!]);
    const told = headers['warning'] ?? '';
    for (const field of project.unknown) expect(told).toContain(String.raw`unknown field \"${field}\"`);
  });

  it('has its object read in each version, with a warning in those that are deprecated', async () => {
    expect(Object.keys(project.read).sort()).toEqual(
      versions
        .filter(({ served }) => served)
        .map(({ name }) => name)
        .sort(),
    );
    for (const [version, spec] of Object.entries(project.read)) {
      const { object, headers } = await api.call(`GET ${inVersion(version)}/first`);
      expect([object.apiVersion, object.kind, object.spec]).toEqual([`${group}/${version}`, kind, spec]);
      const { deprecated = false, deprecationWarning = 'is deprecated' } = versions.find(
        ({ name }) => name === version,
      )!;
      expect((headers['warning'] ?? '').includes(deprecationWarning)).toBe(deprecated);
      const listed = await read(inVersion(version));
      expect([listed.kind, listed.items[0].spec]).toEqual([`${kind}List`, spec]);
    }
  });

  it.each(project.refused)('does not become %j', async (patch, told) => {
    const { status, object } = await merge(first, patch);
    expect([status, object.message]).toEqual([422, expect.stringContaining(told)]);
  });

  it('is changed by a patch, and by writing the whole, in any version', async () => {
    const { object } = await merge(first, project.change.patch);
    expect([object.message, object.spec]).toEqual([undefined, expect.objectContaining(project.change.spec)]);
    expect(object.metadata.generation).toBe(2);
    for (const version of Object.keys(project.read)) {
      const path = `${inVersion(version)}/first`;
      const before = await read(path);
      const labels = { ...before.metadata.labels, [version]: 'seen' };
      const written = await api.call(`PUT ${path}`, { ...before, metadata: { ...before.metadata, labels } });
      expect([written.object.spec, written.object.metadata.labels]).toEqual([before.spec, labels]);
      expect(written.object.metadata.generation).toBe(2);
    }
    expect((await read(first)).spec).toEqual(object.spec);
  });

  it('is applied by two, who keep what is theirs', async () => {
    const { first: one, second, both, conflict, told } = project.applied;
    const apply = (manager: string, spec: Spec) =>
      api.call(
        `PATCH ${own}/second?fieldManager=${manager}`,
        { apiVersion: project.sent.apiVersion, kind, metadata: { name: 'second' }, spec },
        typed('apply-patch+yaml'),
      );
    expect((await apply('ann', one)).status).toBe(201);
    const { status, object } = await apply('bob', second);
    expect([status, object.spec]).toEqual([200, both]);
    const refused = await apply('bob', conflict);
    expect([refused.status, refused.object.message]).toEqual([409, expect.stringContaining(told)]);
    expect((await read(`${own}/second`)).spec).toEqual(both);
  });

  it('has the status that its controller says, where nobody else writes it', async () => {
    const { sent, kept, isApart } = project.status;
    const before = await read(first);
    const path = isApart ? `${first}/status` : first;
    const { status, object } = await api.call(`PUT ${path}`, { ...before, spec: before.spec, status: sent });
    expect([status, object.message, object.status]).toEqual([200, undefined, kept]);
    const besides = await merge(first, { status: { stolen: true } });
    expect(besides.object.status).toEqual(kept);
    expect((await api.call(`GET ${first}/status`)).status).toBe(isApart ? 200 : 404);
  });

  it('is scaled, where it can be', async () => {
    const scale = await api.call(`GET ${first}/scale`);
    if (!project.scale) return expect(scale.status).toBe(404);
    const { replicas, selector } = project.scale;
    expect([scale.object.status, scale.object.kind]).toEqual([{ replicas, selector }, 'Scale']);
    const scaled = await merge(`${first}/scale`, { spec: { replicas: 7 } });
    expect(scaled.object.spec).toEqual({ replicas: 7 });
    expect((await read(`${first}/scale`)).spec).toEqual({ replicas: 7 });
  });

  it('is shown in its columns, and found by its fields', async () => {
    const { object } = await api.call(`GET ${own}`, undefined, asTable);
    expect(object.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(project.columns);
    expect(object.rows[0].cells).toEqual(project.cells);
    const { selector } = project;
    if (!selector) return;
    const { items } = await read(`${own}?fieldSelector=${encodeURIComponent(selector)}`);
    expect(items.map(({ metadata }: KubeObject) => metadata.name)).toEqual(['first']);
  });

  it('goes with its definition, and waits for who holds it', async () => {
    const watch = await api.watch(`${own}?watch=1&resourceVersion=${(await read(own)).metadata.resourceVersion}`);
    expect((await api.call(`DELETE ${own}/second`)).status).toBe(200);
    await api.call(`DELETE ${crd}`);
    const { finalizers = [] } = project.sent.metadata;
    if (finalizers.length > 0) {
      await served.until(async () => (await read(first)).metadata.deletionTimestamp !== undefined);
      expect((await read(crd)).metadata.deletionTimestamp).toBeDefined();
      await merge(first, { metadata: { finalizers: null } });
    }
    await served.until(async () => (await api.call(`GET ${crd}`)).status === 404);
    await watch.ended;
    const deleted = (await watch.next(finalizers.length > 0 ? 3 : 2)).filter(({ type }) => type === 'DELETED');
    expect(deleted).toHaveLength(2);
    await served.until(async () => (await api.call(`GET ${own}`)).status === 404);
  });
});
