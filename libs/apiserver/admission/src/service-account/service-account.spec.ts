import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
const ns = '/api/v1/namespaces/default';
beforeAll(async () => {
  api = await testCluster();
  const accounts = [
    { metadata: { name: 'quiet' }, automountServiceAccountToken: false },
    { metadata: { name: 'puller' }, imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }] },
    {
      metadata: { name: 'strict', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
      secrets: [{ name: 'mine' }],
      imagePullSecrets: [{ name: 'registry' }],
    },
  ];
  for (const account of accounts) await api.call(admin, `POST ${ns}/serviceaccounts`, account);
});
afterAll(() => api[Symbol.asyncDispose]());

const container = { name: 'c', image: 'i' };
const create = (spec: object, annotations?: object) =>
  api.call(admin, `POST ${ns}/pods?dryRun=All`, {
    metadata: { name: 'p', annotations },
    spec: { containers: [container], ...spec },
  });
const made = async (spec: object) => {
  const { status, object } = await create(spec);
  if (status !== 201) throw new Error(object.message);
  return object.spec;
};
const where = '/var/run/secrets/kubernetes.io/serviceaccount';
const mountsOf = (of: { volumeMounts?: { mountPath: string }[] }) =>
  (of.volumeMounts ?? []).map((each) => each.mountPath);

describe('the account of a pod', () => {
  it.each([
    ['is the default one', {}, 'default'],
    ['is the one it names', { serviceAccountName: 'puller' }, 'puller'],
    ['is the one it names in the old way', { serviceAccount: 'puller' }, 'puller'],
  ])('%s', async (_, spec, name) => {
    expect((await made(spec)).serviceAccountName).toBe(name);
  });

  it('is there', async () => {
    expect((await create({ serviceAccountName: 'none' })).object.message).toBe(
      'pods "p" is forbidden: error looking up service account default/none: serviceaccount "none" not found',
    );
  });
});

describe('the token of a pod', () => {
  it('is mounted in every container that has none, from one volume', async () => {
    const own = { name: 'own', mountPath: where };
    const spec = await made({
      initContainers: [{ ...container, name: 'init' }],
      containers: [container, { ...container, name: 'd', volumeMounts: [own] }],
      volumes: [{ name: 'own', emptyDir: {} }],
    });
    const [, volume] = spec.volumes;
    expect(volume).toEqual({
      name: expect.stringMatching(/^kube-api-access-[a-z0-9]{5}$/),
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
      },
    });
    const mount = { name: volume.name, mountPath: where, readOnly: true };
    expect(spec.initContainers[0].volumeMounts).toEqual([mount]);
    expect(spec.containers[0].volumeMounts).toEqual([mount]);
    expect(spec.containers[1].volumeMounts).toEqual([own]);
  });

  it('comes from the volume that is there already', async () => {
    const sources = [{ serviceAccountToken: { path: 'token' } }];
    const spec = await made({ volumes: [{ name: 'kube-api-access-abcde', projected: { sources } }] });
    expect(spec.volumes).toHaveLength(1);
    expect(spec.containers[0].volumeMounts[0].name).toBe('kube-api-access-abcde');
  });

  it.each([
    ['neither says a word', 'default', undefined, true],
    ['the account says no', 'quiet', undefined, false],
    ['the pod says no', 'default', false, false],
    ['the pod says yes against its account', 'quiet', true, true],
  ])('when %s', async (_, serviceAccountName, automountServiceAccountToken, mounted) => {
    const spec = await made({ serviceAccountName, automountServiceAccountToken });
    expect(mountsOf(spec.containers[0])).toEqual(mounted ? [where] : []);
    expect(spec.volumes ?? []).toHaveLength(mounted ? 1 : 0);
  });
});

describe('pull secrets', () => {
  it.each([
    ['come from the account', 'puller', undefined, [{ name: 'registry' }, { name: 'mirror' }]],
    ['are the own ones where there are any', 'puller', [{ name: 'own' }], [{ name: 'own' }]],
    ['are none', 'default', undefined, undefined],
  ])('%s', async (_, serviceAccountName, imagePullSecrets, expected) => {
    expect((await made({ serviceAccountName, imagePullSecrets })).imagePullSecrets).toEqual(expected);
  });
});

describe('a mirror pod', () => {
  const token = { projected: { sources: [{ serviceAccountToken: { path: 't' } }] } };
  it.each([
    ['an account', { serviceAccountName: 'default' }, 'a mirror pod may not reference service accounts'],
    ['a pull secret', { imagePullSecrets: [{ name: 's' }] }, 'a mirror pod may not reference secrets'],
    ['a secret', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }, 'a mirror pod may not reference secrets'],
    [
      'a token',
      { volumes: [{ name: 'v', ...token }] },
      'a mirror pod may not use ServiceAccountToken volume projections',
    ],
  ])('with %s is refused', async (_, spec, message) => {
    expect((await create(spec, { 'kubernetes.io/config.mirror': 'x' })).object.message).toContain(message);
  });

  it('gets nothing', async () => {
    const { object } = await create({ nodeName: 'n1' }, { 'kubernetes.io/config.mirror': 'x' });
    expect([object.spec.volumes, object.spec.containers[0].volumeMounts]).toEqual([undefined, undefined]);
  });
});

describe('an account that lets its pods use its own secrets only', () => {
  const env = (name: string) => [{ name: 'E', valueFrom: { secretKeyRef: { name, key: 'k' } } }];
  const refusal = 'is not allowed because service account strict does not reference that secret';
  it.each([
    ['its own', { containers: [{ ...container, env: env('mine') }] }, undefined],
    [
      'another in a volume',
      { volumes: [{ name: 'v', secret: { secretName: 'other' } }] },
      `volume with secret.secretName="other" ${refusal}`,
    ],
    [
      'another in a container',
      { containers: [{ ...container, env: env('other') }] },
      `container c with envVar E referencing secret.secretName="other" ${refusal}`,
    ],
    [
      'another to pull with',
      { imagePullSecrets: [{ name: 'registry' }, { name: 'other' }] },
      'imagePullSecrets[1].name="other" is not allowed because service account strict does not reference that imagePullSecret',
    ],
  ])('%s', async (_, spec, message) => {
    const { object } = await create({ serviceAccountName: 'strict', ...spec });
    expect(object.message).toEqual(message && `pods "p" is forbidden: ${message}`);
  });
});
