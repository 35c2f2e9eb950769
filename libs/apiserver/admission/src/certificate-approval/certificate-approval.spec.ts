import { makeSigningRequest, nodeIdentity } from '@kubernest/pki';
import { admin, type Caller, kubelet, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const group = 'certificates.k8s.io';
const url = `/apis/${group}/v1/certificatesigningrequests`;
const signer = 'example.com/mine';
const ann: Caller = { user: 'ann', groups: ['team'] };
let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
  const requests = {
    apiGroups: [group],
    verbs: ['*'],
    resources: [
      'certificatesigningrequests',
      'certificatesigningrequests/approval',
      'certificatesigningrequests/status',
    ],
  };
  const signers = { apiGroups: [group], resources: ['signers'] };
  await api.grant('ann', [requests]);
  await api.grant('approver', [requests, { ...signers, verbs: ['approve'], resourceNames: [signer] }]);
  await api.grant('signer', [requests, { ...signers, verbs: ['sign'], resourceNames: ['example.com/*'] }]);
});
afterAll(() => api[Symbol.asyncDispose]());

async function bodyOf(identity: Parameters<typeof makeSigningRequest>[0], more: object = {}, name = 'r') {
  const { request } = await makeSigningRequest(identity);
  const spec = {
    request: Buffer.from(request).toString('base64'),
    signerName: signer,
    usages: ['client auth'],
    ...more,
  };
  return { metadata: { name }, spec };
}
const person = (organization: string) => ({
  commonName: 'ann',
  organizations: [organization],
  usage: 'client' as const,
});

async function made(name: string) {
  const body = await bodyOf(person('team'), { username: 'somebody', groups: ['else'] }, name);
  const { object } = await api.call(ann, `POST ${url}`, body);
  return object;
}
const condition = (type: string) => ({ type, status: 'True', reason: 'Test' });

describe('a request for a certificate', () => {
  it('says who asked, whatever was sent, and changes no more', async () => {
    const object = await made('kept');
    expect(object.spec).toMatchObject({ username: 'ann', groups: ['team', 'system:authenticated'] });
    expect(object.status).toEqual({});
    const changed = {
      ...object,
      spec: { ...object.spec, username: 'else', usages: ['any'] },
      status: { certificate: 'eA==' },
    };
    const { status, object: after } = await api.call(ann, `PUT ${url}/kept`, changed);
    expect([status, after.spec, after.status]).toEqual([200, object.spec, {}]);
    const owned = (after.metadata.managedFields ?? []).map(({ fieldsV1 }: { fieldsV1: object }) =>
      Object.keys(fieldsV1),
    );
    expect(owned.flat()).not.toContain('f:spec');
  });

  it('is approved by who may for its signer, who says since when', async () => {
    const object = await made('approved');
    const approving = { ...object, status: { conditions: [condition('Approved')] } };
    const as = (user: string) => api.call({ user }, `PUT ${url}/approved/approval`, approving);
    for (const user of ['ann', 'signer']) {
      expect((await as(user)).object.message).toBe(
        `certificatesigningrequests.${group} "approved" is forbidden: user not permitted to approve requests with signerName "${signer}"`,
      );
    }
    const { object: after } = await as('approver');
    expect(after.status.conditions).toMatchObject([
      { ...condition('Approved'), lastUpdateTime: expect.any(String), lastTransitionTime: expect.any(String) },
    ]);
    expect(after.spec).toEqual(object.spec);
  });

  it('is signed by who may for all signers of the domain, and leaves the approval as it is', async () => {
    await made('signed');
    const failing = (user: string, more: object = {}) =>
      api.call({ user }, `PATCH ${url}/signed/status`, { status: { conditions: [condition('Failed')], ...more } });
    const refused = await failing('approver');
    expect(refused.object.message).toContain(`user not permitted to sign requests with signerName "${signer}"`);
    const { object } = await failing('signer');
    expect(object.status.conditions).toMatchObject([condition('Failed')]);
    const both = { conditions: [condition('Failed'), condition('Approved')] };
    const { object: status } = await api.call({ user: 'signer' }, `PATCH ${url}/signed/status`, { status: both });
    expect(status.message).toContain('updates may not add a condition of type "Approved"');
  });

  it('may be asked for everything but the group of the masters', async () => {
    const more = { signerName: 'kubernetes.io/kube-apiserver-client' };
    const { status, object } = await api.call(admin, `POST ${url}`, await bodyOf(person('system:masters'), more));
    expect([status, object.message]).toEqual([
      403,
      `certificatesigningrequests.${group} "r" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed`,
    ]);
  });

  it('of a kubelet is in its own name', async () => {
    const more = { signerName: 'kubernetes.io/kubelet-serving' };
    const ask = async (name: string) =>
      api.call(kubelet('n1'), `POST ${url}`, await bodyOf(nodeIdentity(name), more, `of-${name}`));
    expect((await ask('n1')).status).toBe(201);
    expect((await ask('n2')).object.message).toContain('can only create a node CSR with CN=system:node:n1');
  });

  it('shows its approval, and is found by its signer', async () => {
    await made('found');
    expect((await api.call(ann, `GET ${url}/found/approval`)).object.metadata.name).toBe('found');
    const listed = await api.call(ann, `GET ${url}?fieldSelector=spec.signerName%3Dexample.com/other`);
    expect(listed.object.items).toEqual([]);
  });
});
