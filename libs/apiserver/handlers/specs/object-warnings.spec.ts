import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const warnings = (answer: { readonly headers: Readonly<Record<string, string>> }): string[] =>
  [...(answer.headers['warning'] ?? '').matchAll(/299 - ("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(text!));
const plain = { containers: [{ name: 'c', image: 'i' }] };
const odd = {
  containers: [
    {
      name: 'c',
      image: 'i',
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    },
  ],
};
const hides = (path: string) =>
  `${path}.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply`;
const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const deployment = (name: string, spec: object) => ({
  metadata: { name },
  spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec } },
});
const merge = { 'content-type': 'application/merge-patch+json' };
const apply = { 'content-type': 'application/apply-patch+yaml' };

describe('whoever writes an odd object is told', () => {
  test('with create and dry run; a pod with dots in its name is told of that too', async () => {
    const dots =
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";
    const body = { metadata: { name: 'a.b' }, spec: odd };
    expect(warnings(await api.call(`POST ${pods}?dryRun=All`, body))).toEqual([dots, hides('spec')]);
    expect(warnings(await api.call(`POST ${pods}`, body))).toEqual([dots, hides('spec')]);
  });

  test('with apply that creates, and with an update of what makes pods, only when its spec is new', async () => {
    const spec = { ...plain, nodeSelector: { 'beta.kubernetes.io/os': 'linux' } };
    const told =
      'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead';
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', ...deployment('d', spec) };
    expect(warnings(await api.call(`PATCH ${deployments}/d?fieldManager=me`, body, apply))).toEqual([told]);
    const label = { metadata: { labels: { x: 'y' } } };
    expect(warnings(await api.call(`PATCH ${deployments}/d`, label, merge))).toEqual([]);
    expect(warnings(await api.call(`PATCH ${deployments}/d`, { spec: { paused: true } }, merge))).toEqual([told]);
    expect(warnings(await api.call(`PUT ${deployments}/d`, deployment('d', spec)))).toEqual([told]);
  });

  test('also when the object is refused, and after what the decoder has to say', async () => {
    const body = { metadata: { name: 'r' }, bogus: 1, spec: { ...odd, restartPolicy: 'Sometimes' } };
    const refused = await api.call(`POST ${pods}`, body);
    expect(refused.status).toBe(422);
    expect(warnings(refused)).toEqual(['unknown field "bogus"']);
    const fine = await api.call(`POST ${pods}`, { ...body, spec: odd });
    expect(warnings(fine)).toEqual(['unknown field "bogus"', hides('spec')]);
  });

  test('of owners that are named twice, which are kept once', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' };
    const metadata = { name: 'owned', ownerReferences: [owner, { ...owner, name: 'p' }, owner] };
    const made = await api.call('POST /api/v1/namespaces/default/configmaps', { metadata });
    expect(made.object.metadata.ownerReferences).toEqual([owner, { ...owner, name: 'p' }]);
    expect(warnings(made)).toEqual([
      expect.stringMatching(
        /^\.metadata\.ownerReferences contains duplicate entries; .*duplicate UID\(s\) observed: u$/,
      ),
    ]);
    const patched = await api.call('PATCH /api/v1/namespaces/default/configmaps/owned', { metadata }, merge);
    expect(patched.object.metadata.ownerReferences).toHaveLength(2);
    expect(warnings(patched)[0]).toContain('duplicate entries after mutating admission happens; ');
  });

  test('of an AppArmor annotation, which becomes the field', async () => {
    const key = 'container.apparmor.security.beta.kubernetes.io/c';
    const metadata = { name: 'armed', annotations: { [key]: 'localhost/mine' } };
    const made = await api.call(`POST ${pods}`, { metadata, spec: { containers: [{ name: 'c', image: 'i' }] } });
    const appArmorProfile = { type: 'Localhost', localhostProfile: 'mine' };
    expect(made.object.spec.containers[0].securityContext).toEqual({ appArmorProfile });
    const use = 'deprecated since v1.30; use the "appArmorProfile" field instead';
    expect(warnings(made)).toEqual([`metadata.annotations[${key}]: ${use}`]);
  });

  test.each([
    'GET /api/v1/endpoints',
    'GET /api/v1/namespaces/default/endpoints/none',
    'DELETE /api/v1/namespaces/default/endpoints/none',
  ])('that the kind is deprecated: %s', async (line) => {
    const use = 'use discovery.k8s.io/v1 EndpointSlice';
    expect(warnings(await api.call(line))).toEqual([`v1 Endpoints is deprecated in v1.33+; ${use}`]);
  });

  test('nothing of an annotation of a service account that was there before', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    const metadata = { name: 'robot', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } };
    const told =
      'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';
    expect(warnings(await api.call(`POST ${accounts}`, { metadata }))).toEqual([told]);
    expect(warnings(await api.call(`PUT ${accounts}/robot`, { metadata, secrets: [] }))).toEqual([]);
  });
});
