import { builtinKinds } from '@kubernest/kinds';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtinSubresources } from './builtin-subresources.ts';
import { container, pods, type TestSpace, testSpace } from './space.fixture.ts';

// What Kubernetes 1.36 answers each of these.

interface Patched {
  readonly at: string;
  readonly subresource: string;
  readonly object: object;
  /** In which its fields are owned: of what is patched, and of the object that it lies below. */
  readonly versions: readonly [patched: string, object: string];
  readonly kind: string;
  /** The field that is patched, as conflicts name it, and as owners have it. */
  readonly field: string;
  readonly owned: readonly string[];
  /** The part that sets it. */
  part(value: number): object;
  /** The same as operations. */
  operations(value: number): readonly object[];
  /** What is there may not be set anew. */
  readonly isFixed?: boolean;
}

const apps = '/apis/apps/v1/namespaces/space';
const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [container('c')], restartPolicy: 'Always' } };
const spec = { replicas: 1, selector: { matchLabels: labels }, template };

const replicas = {
  subresource: 'scale',
  kind: 'Scale',
  field: '.spec.replicas',
  owned: ['f:spec', 'f:replicas'],
  part: (value: number) => ({ spec: { replicas: value } }),
  operations: (value: number) => [{ op: 'add', path: '/spec/replicas', value }],
};
const scaled = (plural: string): Patched => ({
  ...replicas,
  at: `${apps}/${plural}`,
  versions: ['autoscaling/v1', 'apps/v1'],
  object: { spec },
});

const conditions = (value: number) => [{ type: 'Approved', status: 'True', reason: `R${value}`, message: 'm' }];
const ephemeralContainers = (value: number) => [{ name: 'e', image: `i${value}` }];
const { example } = builtinKinds.find(({ kind }) => kind === 'CertificateSigningRequest')!;

const table: readonly Patched[] = [
  scaled('deployments'),
  scaled('replicasets'),
  {
    at: `${apps}/deployments`,
    subresource: 'status',
    object: { spec },
    versions: ['apps/v1', 'apps/v1'],
    kind: 'Deployment',
    field: '.status.observedGeneration',
    owned: ['f:status', 'f:observedGeneration'],
    part: (observedGeneration) => ({ status: { observedGeneration } }),
    operations: (value) => [{ op: 'add', path: '/status/observedGeneration', value }],
  },
  {
    at: pods,
    subresource: 'ephemeralcontainers',
    object: { spec: { containers: [container('c')] } },
    versions: ['v1', 'v1'],
    kind: 'Pod',
    field: '.spec.ephemeralContainers[name="e"].image',
    owned: ['f:spec', 'f:ephemeralContainers', 'k:{"name":"e"}', 'f:image'],
    part: (value) => ({ spec: { ephemeralContainers: ephemeralContainers(value) } }),
    operations: (value) => [{ op: 'add', path: '/spec/ephemeralContainers', value: ephemeralContainers(value) }],
    isFixed: true,
  },
  {
    at: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
    subresource: 'approval',
    // Somebody owns something of it: else nobody but who applies does.
    object: { ...example, metadata: { labels } },
    versions: ['certificates.k8s.io/v1', 'certificates.k8s.io/v1'],
    kind: 'CertificateSigningRequest',
    field: '.status.conditions[type="Approved"].reason',
    owned: ['f:status', 'f:conditions', 'k:{"type":"Approved"}', 'f:reason'],
    part: (value) => ({ status: { conditions: conditions(value) } }),
    operations: (value) => [{ op: 'add', path: '/status/conditions', value: conditions(value) }],
  },
];

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

test('every subresource that is patched is below', () => {
  const patched = builtinSubresources({ dialer: {} as never, tokens: {} as never }).filter(
    ({ connects, verbs }) => !connects && verbs.includes('patch'),
  );
  const tested = new Set(table.map(({ subresource }) => subresource));
  expect(patched.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  expect(patched.length).toBeGreaterThan(2);
  const scalable = builtinKinds.filter(({ scale }) => scale).map(({ plural }) => plural);
  expect(scalable).toEqual(table.flatMap(({ at, kind }) => (kind === 'Scale' ? at.split('/').at(-1) : [])));
});

type Entry = Record<'manager' | 'operation' | 'apiVersion' | 'subresource', string> & { readonly fieldsV1: object };
const holds = (fields: unknown, path: readonly string[]): boolean =>
  path.reduce((at: unknown, step) => (at as Record<string, unknown> | undefined)?.[step], fields) !== undefined;

describe.each(table)('$at: $subresource', (patched) => {
  const { at, subresource, object, versions, kind, field, owned, part, operations, isFixed = false } = patched;
  const [patchedVersion, version] = versions;
  let made = 0;
  let path: string;
  let name: string;
  beforeEach(async () => {
    name = `${subresource}-${made++}`;
    path = `${at}/${name}`;
    const { metadata } = object as { metadata?: object };
    await space.make(`POST ${at}?fieldManager=maker`, { ...object, metadata: { ...metadata, name } });
  });

  const send = (type: string, body: unknown, query: string) =>
    space.call(`PATCH ${path}/${subresource}?${query}`, body, { 'content-type': `application/${type}` });
  const apply = (manager: string, value: number, query = '') =>
    send(
      'apply-patch+yaml',
      { apiVersion: patchedVersion, kind, metadata: { name }, ...part(value) },
      `fieldManager=${manager}${query}`,
    );
  const stored = async () => (await space.call(`GET ${path}`)).object;
  const ownersIn = ({ metadata }: { metadata: { managedFields?: readonly Entry[] } }) =>
    (metadata.managedFields ?? [])
      .filter(({ fieldsV1 }) => holds(fieldsV1, owned))
      .map((entry) => [entry.manager, entry.operation, entry.apiVersion, entry.subresource])
      .sort();
  const owners = async () => ownersIn(await stored());
  const applier = (manager: string) => [manager, 'Apply', version, subresource];

  const others: readonly [string, (value: number) => unknown][] = [
    ['merge-patch+json', part],
    ['strategic-merge-patch+json', part],
    ['json-patch+json', operations],
  ];

  describe.each(others)('%s', (type, bodyOf) => {
    const patch = (query = '') => send(type, bodyOf(2), `fieldManager=writer${query}`);
    const writer = ['writer', 'Update', version, subresource];

    test('makes its writer the owner', async () => {
      expect((await patch()).object).toMatchObject(part(2));
      expect(await stored()).toMatchObject(part(2));
      expect(await owners()).toEqual([writer]);
    });

    test('changes nothing on a dry run', async () => {
      const before = await stored();
      expect((await patch('&dryRun=All')).object).toMatchObject(part(2));
      expect(await stored()).toEqual(before);
    });

    test('is not forced', async () => {
      expect((await patch('&force=true')).object).toMatchObject({
        code: 422,
        message: expect.stringContaining('force: Forbidden: may not be specified for non-apply patch'),
      });
    });

    test.each(['', '&dryRun=All'])('is in the way of who applies another value %s', async (query) => {
      await patch();
      const before = await stored();
      expect((await apply('applier', 3, query)).object).toMatchObject({
        code: 409,
        message: `Apply failed with 1 conflict: conflict with "writer" with subresource "${subresource}" using ${patchedVersion}: ${field}`,
        details: { causes: [{ reason: 'FieldManagerConflict', field }] },
      });
      expect(await stored()).toEqual(before);
    });

    test('is shared by who applies the same', async () => {
      await patch();
      expect((await apply('applier', 2)).status).toBe(200);
      expect(await owners()).toEqual([applier('applier'), writer]);
    });

    test('loses what is applied by force', async () => {
      await patch();
      const { object } = await apply('applier', 3, '&force=true');
      if (isFixed) return expect(object).toMatchObject({ code: 422, message: expect.stringContaining('may not be') });
      expect(object).toMatchObject(part(3));
      expect(await owners()).toEqual([applier('applier')]);
    });
  });

  describe('apply-patch+yaml', () => {
    const takes = (query = '') => apply('one', 2, `&force=true${query}`);

    test('makes its manager the owner', async () => {
      expect((await takes()).object).toMatchObject(part(2));
      expect(await stored()).toMatchObject(part(2));
      expect(await owners()).toEqual([applier('one')]);
    });

    test('changes nothing on a dry run', async () => {
      const before = await stored();
      expect((await takes('&dryRun=All')).object).toMatchObject(part(2));
      expect(await stored()).toEqual(before);
    });

    test('is in the way of another', async () => {
      await takes();
      expect((await apply('two', 3)).object).toMatchObject({
        code: 409,
        message: `Apply failed with 1 conflict: conflict with "one" with subresource "${subresource}": ${field}`,
      });
      expect((await apply('two', 2)).status).toBe(200);
      expect(await owners()).toEqual([applier('one'), applier('two')]);
    });

    test('says what it applies, and to what', async () => {
      const refused = (body: object) => send('apply-patch+yaml', body, 'fieldManager=one&force=true');
      expect((await refused(part(2))).object).toMatchObject({ code: 400, message: 'invalid object type: /, Kind=' });
      const other = { apiVersion: patchedVersion, kind, metadata: { name: 'other' }, ...part(2) };
      expect((await refused(other)).object).toMatchObject({
        code: 400,
        message: `the name of the object (other) does not match the name on the URL (${name})`,
      });
    });
  });
});
