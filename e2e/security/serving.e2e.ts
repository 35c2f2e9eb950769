import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, TestCluster } from '../cluster/test-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('serving-csr');
  await cluster.image('shell:1');
});
afterAll(() => cluster?.[Symbol.asyncDispose]());

const kubectl = (...args: string[]) => cluster.kubectl(...args);
const ofNode = (path: string) => kubectl('get', 'nodes', `-o=jsonpath={.items[0]${path}}`);
const certificateFile = () => join(cluster.dataDir, 'agent/kubelet.crt');

/** What the node's own server shows to who believes the cluster's authority. */
async function shown(): Promise<PeerCertificate> {
  const [address, port, name] = await Promise.all([
    ofNode('.status.addresses[?(@.type=="InternalIP")].address'),
    ofNode('.status.daemonEndpoints.kubeletEndpoint.Port'),
    ofNode('.metadata.name'),
  ]);
  const { ca } = transportOptionsOf(loadKubeconfig([cluster.env.KUBECONFIG]));
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: Number(port), ca, servername: name }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

it('the first pod of a cluster has its log at once, from a kubelet whose certificate was asked for and approved', async () => {
  await kubectl('run', 'first', '--image=shell:1', '--restart=Never', '--', 'sh', '-c', 'echo hello; sleep 1000');
  await kubectl('wait', '--for=condition=Ready', 'pod/first', '--timeout=60s');
  expect(await kubectl('logs', 'first')).toBe('hello\n');
  const name = await ofNode('.metadata.name');
  const listed = (await kubectl('get', 'csr', '--no-headers')).trim().split('\n');
  expect(listed).toHaveLength(1);
  expect(listed[0]).toMatch(
    new RegExp(`^csr-\\w+ +\\S+ +kubernetes.io/kubelet-serving +system:node:${name} +<none> +Approved,Issued$`),
  );
  const certificate = await shown();
  expect(certificate.subject).toMatchObject({ O: 'system:nodes', CN: `system:node:${name}` });
  const address = await ofNode('.status.addresses[?(@.type=="InternalIP")].address');
  expect(certificate.subjectaltname).toBe(`DNS:${name}, IP Address:${address}`);
});

it('an agent that starts again serves with the certificate it has', async () => {
  const before = readFileSync(certificateFile(), 'utf8');
  await cluster.kill('agent');
  await eventually(async () => expect(await kubectl('logs', 'first')).toBe('hello\n'));
  expect(readFileSync(certificateFile(), 'utf8')).toBe(before);
  expect((await kubectl('get', 'csr', '-o=name')).trim().split('\n')).toHaveLength(1);
});

it('what people approve is signed', async () => {
  const csr = (await kubectl('get', 'csr', '-o=name')).trim();
  const request = JSON.parse(await kubectl('get', csr, '-o=json')) as { readonly spec: { readonly request: string } };
  const object = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'mine' },
    spec: { request: request.spec.request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
  };
  await cluster.apply(object);
  expect(await kubectl('get', 'csr', 'mine', '--no-headers')).toContain(' Pending');
  expect(await kubectl('certificate', 'approve', 'mine')).toContain('approved');
  await kubectl('wait', '--for=jsonpath={.status.certificate}', 'csr/mine', '--timeout=20s');
  const described = await kubectl('describe', 'csr', 'mine');
  expect(described).toContain('Approved,Issued');
  await kubectl('delete', 'csr', 'mine');
});
