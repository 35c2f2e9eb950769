import { admin, type Caller, kubelet, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
  await api.grant('sam', [
    { verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['default'] },
  ]);
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a question of access', () => {
  const reviews = '/apis/authorization.k8s.io/v1';
  const ask = async (spec: object, who: Caller = admin, kind = 'subjectaccessreviews', metadata: object = {}) =>
    (await api.call(who, `POST ${reviews}/${kind}`, { metadata, spec })).object;
  const node = { user: 'system:node:n1', groups: ['system:nodes'] };
  const pods = (more: object) => ({ ...node, resourceAttributes: { verb: 'list', resource: 'pods', ...more } });
  const own = { key: 'spec.nodeName', operator: 'In', values: ['n1'] };
  const refusal = 'can only list/watch pods with spec.nodeName field selector';
  const field = 'spec.resourceAttributes.fieldSelector';

  it.each([
    ['a raw selector', { fieldSelector: { rawSelector: 'spec.nodeName=n1' } }, { allowed: true }],
    ['requirements', { fieldSelector: { requirements: [own] } }, { allowed: true }],
    ['no selector', {}, { allowed: false, reason: refusal }],
    ['the wrong selector', { fieldSelector: { rawSelector: 'spec.nodeName=n2' } }, { allowed: false, reason: refusal }],
    [
      'an inequality',
      { fieldSelector: { requirements: [{ ...own, operator: 'NotIn' }] } },
      { allowed: false, reason: refusal },
    ],
    [
      'a selector that cannot be read',
      { fieldSelector: { rawSelector: 'a' } },
      { allowed: false, reason: refusal, evaluationError: `${field} ignored due to parse error` },
    ],
    [
      'selectors longer than a request can carry',
      {
        fieldSelector: { rawSelector: Array(5000).fill('spec.nodeName=n1').join(',') },
        labelSelector: { rawSelector: Array(10_000).fill('b').join(',') },
      },
      {
        allowed: false,
        reason: refusal,
        evaluationError: `${field} ignored due to parse error; spec.resourceAttributes.labelSelector ignored due to parse error`,
      },
    ],
    [
      'a selector that can be read in part',
      { fieldSelector: { requirements: [own, { key: 'x', operator: 'Like', values: ['y'] }] } },
      { allowed: true, evaluationError: `${field} partially ignored due to parse error` },
    ],
    [
      'labels that cannot be read',
      { fieldSelector: { requirements: [own] }, labelSelector: { rawSelector: 'a in b' } },
      { allowed: true, evaluationError: 'spec.resourceAttributes.labelSelector ignored due to parse error' },
    ],
  ])('is narrowed by %s', async (_, more, status) => {
    expect((await ask(pods(more))).status).toEqual(status);
  });

  it('of oneself is narrowed, too', async () => {
    const spec = { resourceAttributes: { verb: 'watch', resource: 'pods', fieldSelector: { requirements: [own] } } };
    expect((await ask(spec, kubelet('n1'), 'selfsubjectaccessreviews')).status).toEqual({ allowed: true });
    expect((await ask(spec, kubelet('n2'), 'selfsubjectaccessreviews')).status.allowed).toBe(false);
  });

  const resource = { resourceAttributes: { verb: 'get', resource: 'pods' } };
  it.each([
    [
      'both selectors',
      pods({ fieldSelector: { rawSelector: 'a=b', requirements: [own] } }),
      `${field}.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements`,
    ],
    [
      'an empty selector',
      pods({ fieldSelector: {} }),
      `${field}.requirements: Required value: when ${field} is specified, requirements or rawSelector is required`,
    ],
    [
      'no values',
      pods({ fieldSelector: { requirements: [{ key: 'a', operator: 'In' }] } }),
      `${field}.requirements[0].values: Required value: must be specified when`,
    ],
    ['no subject', resource, 'spec.user: Invalid value: "": at least one of user or group must be specified'],
    ['no question', { user: 'ann' }, 'exactly one of nonResourceAttributes or resourceAttributes must be specified'],
    [
      'two questions',
      { user: 'ann', ...resource, nonResourceAttributes: { path: '/' } },
      'cannot be specified in combination with resourceAttributes',
    ],
  ])('with %s is a mistake', async (_, spec, message) => {
    const object = await ask(spec);
    expect([object.code, object.message]).toEqual([422, expect.stringContaining(message)]);
  });

  it('has no name, and a local one is about its own namespace', async () => {
    expect((await ask({ user: 'ann', ...resource }, admin, 'subjectaccessreviews', { name: 'x' })).message).toContain(
      'must be empty',
    );
    const local = 'namespaces/default/localsubjectaccessreviews';
    expect((await ask({ user: 'ann', ...resource }, admin, local)).message).toContain('must match metadata.namespace');
    const path = { user: 'ann', nonResourceAttributes: { verb: 'get', path: '/version' } };
    expect((await ask(path, admin, local)).message).toContain('disallowed on this kind of request');
    const here = { resourceAttributes: { ...resource.resourceAttributes, namespace: 'default' } };
    expect((await ask({ user: 'ann', ...here }, admin, local)).status).toEqual({ allowed: false });
  });

  it('is told what is wrong with its metadata in no more words than are read', async () => {
    const labels = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 'v']));
    const { message } = await ask({ user: 'ann', ...resource }, admin, 'subjectaccessreviews', { labels });
    expect(message).toMatch(/must be empty$/);
    expect(message.length).toBeLessThan(80_000);
  });

  it('of all that one may do names a namespace', async () => {
    expect((await ask({}, { user: 'sam' }, 'selfsubjectrulesreviews')).message).toBe('no namespace on request');
    const { status } = await ask({ namespace: 'default' }, { user: 'sam' }, 'selfsubjectrulesreviews');
    expect(status.resourceRules).toContainEqual({
      verbs: ['impersonate'],
      apiGroups: [''],
      resources: ['serviceaccounts'],
      resourceNames: ['default'],
    });
  });

  it('of all that a kubelet may do cannot be told in full', async () => {
    const { status } = await ask({ namespace: 'default' }, kubelet('n1'), 'selfsubjectrulesreviews');
    expect([status.incomplete, status.evaluationError]).toEqual([
      true,
      'node authorizer does not support user rule resolution',
    ]);
  });
});
