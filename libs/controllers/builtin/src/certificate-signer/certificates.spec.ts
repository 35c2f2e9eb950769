import { X509Certificate } from 'node:crypto';
import type { CertificateSigningRequest, Node } from '@kubernest/kinds';
import { type CertificateRequest, kubeletServingIdentity, makeSigningRequest, nodeIdentity } from '@kubernest/pki';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { describe, expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';
import { signers } from '../shared/signing-requests.ts';

const csrs = refs.certificateSigningRequests;
const usagesOf = ({ usage }: CertificateRequest) => [
  'digital signature',
  usage === 'server' ? 'server auth' : 'client auth',
];

interface Asking {
  readonly as: string;
  readonly groups?: readonly string[];
  readonly signer: string;
  readonly more?: object;
}

/** What was made of a request, once everybody had the time. */
async function ask(on: TestCluster, identity: CertificateRequest, asking: Asking): Promise<CertificateSigningRequest> {
  const { as, groups = [], signer, more = {} } = asking;
  const { request } = await makeSigningRequest(identity);
  const client = on.as(as, groups);
  const spec = {
    request: Buffer.from(request).toString('base64'),
    signerName: signer,
    usages: usagesOf(identity),
    ...more,
  };
  const object = { metadata: { generateName: 'csr-' }, spec } as unknown as CertificateSigningRequest;
  const made = await client.resource<CertificateSigningRequest>(csrs).create(object, {}, on.ctx);
  await on.pass(1);
  return (await on.find<CertificateSigningRequest>(csrs, made.metadata.name!))!;
}

/** Signing goes on in threads. */
const issued = (on: TestCluster, { metadata }: CertificateSigningRequest) =>
  on.until<CertificateSigningRequest>(csrs, metadata.name!, (object) => Boolean(object?.status?.certificate));

const decided = ({ status }: CertificateSigningRequest) => [
  ...(status?.conditions ?? []).map(({ type }) => type),
  ...(status?.certificate ? ['Issued'] : []),
];

const certificateOf = ({ status }: CertificateSigningRequest) =>
  new X509Certificate(Buffer.from(status!.certificate!, 'base64'));

async function withNodes(addresses: Readonly<Record<string, readonly string[]>>): Promise<TestCluster> {
  const on = await builtinCluster();
  for (const [name, ips] of Object.entries(addresses)) {
    await on.addNode(name);
    const node = { status: { addresses: ips.map((address) => ({ type: 'InternalIP', address })) } };
    await on.patch(refs.nodes, name, node, 'status');
  }
  return on;
}

const nodes = ['system:nodes'];
const serving = (name: string, more: object = {}): Asking => ({
  as: `system:node:${name}`,
  groups: nodes,
  signer: signers.kubeletServing,
  more,
});

describe('a kubelet', () => {
  it('gets a serving certificate for its own addresses', async () => {
    await using on = await withNodes({ n1: ['192.0.2.7', 'fd00::7'], n2: ['192.0.2.8'] });
    const asked = await ask(on, kubeletServingIdentity('n1', ['192.0.2.7', 'fd00::7']), serving('n1'));
    const csr = await issued(on, asked);
    expect(decided(csr)).toEqual(['Approved', 'Issued']);
    expect(csr.spec.username).toBe('system:node:n1');
    expect(csr.status?.conditions?.[0]).toMatchObject({ status: 'True', reason: 'AutoApproved' });
    const certificate = certificateOf(csr);
    expect(certificate.checkIP('192.0.2.7')).toBe('192.0.2.7');
    expect(certificate.checkHost('n1')).toBe('n1');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(on.traffic.refusals).toEqual([]);
  });

  it('gets none by itself for what may be somebody else’s, and by whoever approves', async () => {
    await using on = await withNodes({ n1: ['192.0.2.1', '192.0.2.8'], n2: ['192.0.2.8'], own: ['192.0.2.2'] });
    for (const address of ['192.0.2.1', '192.0.2.8', '192.0.2.99'])
      expect(decided(await ask(on, kubeletServingIdentity('n1', [address]), serving('n1'))), address).toEqual([]);
    const names = { ...kubeletServingIdentity('n1', []), dnsNames: ['kubernetes.default.svc'] };
    const csr = await ask(on, names, serving('n1'));
    expect(decided(csr)).toEqual([]);
    const conditions = [{ type: 'Approved', status: 'True', reason: 'Seen' }];
    await on.admin
      .resource(csrs)
      .subresource(
        { name: csr.metadata.name! },
        'approval',
        'PUT',
        { ...csr, status: { conditions } } as never,
        on.ctx,
      );
    expect(decided(await issued(on, csr))).toEqual(['Approved', 'Issued']);
  });

  it('on the machine of the API server gets its address, which is its own as well', async () => {
    await using on = await withNodes({ own: ['192.0.2.1'] });
    const csr = await ask(on, kubeletServingIdentity('own', ['192.0.2.1']), serving('own'));
    expect(decided(await issued(on, csr))).toEqual(['Approved', 'Issued']);
  });

  it('gets it once its Node has the address', async () => {
    await using on = await withNodes({ n1: [] });
    const csr = await ask(on, kubeletServingIdentity('n1', ['192.0.2.7']), serving('n1'));
    expect(decided(csr)).toEqual([]);
    const addresses = [{ type: 'InternalIP', address: '192.0.2.7' }];
    await on.patch(refs.nodes, 'n1', { status: { addresses } } as Partial<Node>, 'status');
    await on.pass(31_000);
    expect(decided(await issued(on, csr))).toEqual(['Approved', 'Issued']);
  });

  it('gets a client certificate for whoever RBAC lets ask', async () => {
    await using on = await builtinCluster();
    await bind(on, 'system:node-bootstrapper', 'joiner');
    const asking = (as: string): Asking => ({ as, signer: signers.kubeletClient });
    expect(decided(await ask(on, nodeIdentity('n1'), asking('joiner')))).toEqual([]);
    await bind(on, `${ofRequests}:nodeclient`, 'joiner');
    await bind(on, `${ofRequests}:selfnodeclient`, 'system:node:n1');
    expect(decided(await issued(on, await ask(on, nodeIdentity('n1'), asking('joiner'))))).toEqual([
      'Approved',
      'Issued',
    ]);
    const self = { ...asking('system:node:n1'), groups: nodes };
    expect(decided(await issued(on, await ask(on, nodeIdentity('n1'), self)))).toEqual(['Approved', 'Issued']);
  });
});

const ofRequests = 'system:certificates.k8s.io:certificatesigningrequests';

async function bind(on: TestCluster, role: string, user: string): Promise<void> {
  const apiGroup = 'rbac.authorization.k8s.io';
  const binding = {
    metadata: { name: `${role}:${user}` },
    roleRef: { apiGroup, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup, kind: 'User', name: user }],
  };
  await on.admin
    .resource({ group: apiGroup, version: 'v1', resource: 'clusterrolebindings' })
    .create(binding as never, {}, on.ctx);
}

describe('what was approved', () => {
  const ann: CertificateRequest = { commonName: 'ann', organizations: ['team'], usage: 'client' };
  const approved = async (on: TestCluster, csr: CertificateSigningRequest) => {
    const conditions = [{ type: 'Approved', status: 'True' }];
    const key = { name: csr.metadata.name! };
    await on.admin
      .resource(csrs)
      .subresource(key, 'approval', 'PUT', { ...csr, status: { conditions } } as never, on.ctx);
    await on.pass(1);
    return (await on.find<CertificateSigningRequest>(csrs, csr.metadata.name!))!;
  };

  it('is signed for as long as was asked', async () => {
    await using on = await builtinCluster();
    const csr = await ask(on, ann, {
      as: 'boss',
      groups: ['system:masters'],
      signer: signers.client,
      more: { expirationSeconds: 3600 },
    });
    expect(decided(csr)).toEqual([]);
    const { validToDate, subject } = certificateOf(await issued(on, await approved(on, csr)));
    expect(validToDate.getTime() - on.clock.now().getTime()).toBeLessThanOrEqual(3600_000);
    expect(subject).toBe('O=team\nCN=ann');
  });

  it('and is for what its signer does not sign fails, and says why', async () => {
    await using on = await builtinCluster();
    const more = { usages: ['client auth', 'server auth'] };
    const failed = await approved(
      on,
      await ask(on, ann, { as: 'boss', groups: ['system:masters'], signer: signers.client, more }),
    );
    expect(decided(failed)).toEqual(['Approved', 'Failed']);
    expect(failed.status?.conditions?.[1]).toMatchObject({
      reason: 'SignerValidationFailure',
      message: 'invalid usage for client certificate: server auth',
    });
  });

  it('for another signer is left to it', async () => {
    await using on = await builtinCluster();
    const csr = await approved(
      on,
      await ask(on, ann, { as: 'boss', groups: ['system:masters'], signer: 'example.com/mine' }),
    );
    expect(decided(csr)).toEqual(['Approved']);
  });

  it('is removed an hour later, and what nobody decided after a day', async () => {
    await using on = await builtinCluster();
    const done = await issued(
      on,
      await approved(on, await ask(on, ann, { as: 'boss', groups: ['system:masters'], signer: signers.client })),
    );
    const open = await ask(on, ann, { as: 'boss', groups: ['system:masters'], signer: signers.client });
    const left = async () => (await on.all(csrs)).map(({ metadata }) => metadata.name).sort();
    const hour = 3_600_000;
    await on.pass(hour - 60_000);
    expect(await left()).toEqual([done.metadata.name, open.metadata.name].sort());
    await on.pass(120_000);
    expect(await left()).toEqual([open.metadata.name]);
    await on.pass(23 * hour);
    expect(await left()).toEqual([]);
  });
});
