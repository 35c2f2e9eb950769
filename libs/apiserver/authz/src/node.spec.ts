import { objects, testContext } from '@kubernest/apiserver/authn/testing';
import type { UserInfo } from '@kubernest/apiserver/contract';
import { parseRequestInfo } from '@kubernest/apiserver/handlers';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { nodeAuthorizer } from './node.ts';

const pod = (name: string, nodeName: string | undefined, spec: object = {}, annotations = {}): KubeObject =>
  ({ metadata: { namespace: 'a', name, annotations }, spec: { nodeName, ...spec } }) as KubeObject;

const own = pod('own', 'n1', {
  serviceAccountName: 'builder',
  imagePullSecrets: [{ name: 'pull' }],
  initContainers: [{ env: [{ valueFrom: { configMapKeyRef: { name: 'env-map' } } }] }],
  containers: [{ envFrom: [{ secretRef: { name: 'from' } }], env: [{ valueFrom: { secretKeyRef: { name: 'env' } } }] }],
  volumes: [
    { name: 'a', secret: { secretName: 'volume' } },
    { name: 'b', projected: { sources: [{ configMap: { name: 'projected' } }] } },
    { name: 'c', persistentVolumeClaim: { claimName: 'claim' } },
    { name: 'd', ephemeral: {} },
  ],
});
const mirror = pod(
  'mirror',
  'n1',
  { volumes: [{ secret: { secretName: 'mirrored' } }] },
  { 'kubernetes.io/config.mirror': 'x' },
);
const others = pod('other', 'n2', { serviceAccountName: 'deployer', volumes: [{ secret: { secretName: 'theirs' } }] });
const waiting = pod('waiting', undefined, { volumes: [{ secret: { secretName: 'unbound' } }] });
const read = objects({ pods: [own, mirror, others, waiting] });

const n1: UserInfo = { username: 'system:node:n1', groups: ['system:nodes'] };
const authorizer = nodeAuthorizer(read);

async function ask(line: string, user = n1): Promise<string> {
  const [method, url] = line.split(' ') as [string, string];
  const [path, query] = url.split('?') as [string, string | undefined];
  const info = parseRequestInfo({ method, path, query: new URLSearchParams(query) });
  const { verdict, reason } = await authorizer.authorize({ user, info }, testContext());
  return verdict === 'allow' ? 'allow' : reason || 'refused';
}

const unrelated = "no relationship found between node 'n1' and this object";
const ns = '/api/v1/namespaces/a';
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

describe('pods', () => {
  const onlyOwn = 'can only list/watch pods with spec.nodeName field selector';
  it.each([
    ['GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1', 'allow'],
    ['GET /api/v1/pods?watch=1&fieldSelector=spec.nodeName%3Dn1,status.phase!%3DFailed', 'allow'],
    [`GET ${ns}/pods?fieldSelector=spec.nodeName%3D%3Dn1`, 'allow'],
    ['GET /api/v1/pods', onlyOwn],
    ['GET /api/v1/pods?watch=true', onlyOwn],
    ['GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn2', onlyOwn],
    ['GET /api/v1/pods?fieldSelector=spec.nodeName!%3Dn1', onlyOwn],
    ['GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1%3D', onlyOwn],
    [`GET ${ns}/pods?fieldSelector=metadata.name%3Down`, 'allow'],
    [`GET ${ns}/pods?fieldSelector=metadata.name%3Dother`, unrelated],
    [`GET ${ns}/pods/own`, 'allow'],
    [`GET ${ns}/pods/mirror`, 'allow'],
    [`GET ${ns}/pods/other`, unrelated],
    [`GET ${ns}/pods/waiting`, unrelated],
    [`GET ${ns}/pods/none`, unrelated],
    [`POST ${ns}/pods`, 'allow'],
    [`DELETE ${ns}/pods/own`, 'allow'],
    [`PATCH ${ns}/pods/own/status`, 'allow'],
    [`POST ${ns}/pods/own/eviction`, 'allow'],
    [`PUT ${ns}/pods/own`, 'refused'],
    [`DELETE ${ns}/pods`, 'refused'],
    [`GET ${ns}/pods/own/log`, 'refused'],
    [`POST ${ns}/pods/own/binding`, 'refused'],
  ])('%s: %s', async (line, expected) => {
    expect(await ask(line)).toBe(expected);
  });
});

describe('what pods refer to', () => {
  it.each([
    [`GET ${ns}/secrets/pull`, 'allow'],
    [`GET ${ns}/secrets/from`, 'allow'],
    [`GET ${ns}/secrets/env`, 'allow'],
    [`GET ${ns}/secrets/volume`, 'allow'],
    [`GET ${ns}/secrets?watch=1&fieldSelector=metadata.name%3Dvolume`, 'allow'],
    [`GET ${ns}/configmaps/env-map`, 'allow'],
    [`GET ${ns}/configmaps/projected`, 'allow'],
    [`GET ${ns}/persistentvolumeclaims/claim`, 'allow'],
    [`GET ${ns}/persistentvolumeclaims/own-d`, 'allow'],
    [`PATCH ${ns}/persistentvolumeclaims/claim/status`, 'allow'],
    [`POST ${ns}/serviceaccounts/builder/token`, 'allow'],
    [`GET ${ns}/secrets/theirs`, unrelated],
    [`GET ${ns}/secrets/unbound`, unrelated],
    [`GET ${ns}/secrets/mirrored`, unrelated],
    ['GET /api/v1/namespaces/b/secrets/volume', unrelated],
    [`GET ${ns}/secrets`, 'No Object name found'],
    ['GET /api/v1/secrets?fieldSelector=metadata.name%3Dvolume', 'can only read namespaced object of this type'],
    [`PUT ${ns}/secrets/volume`, 'can only read resources of this type'],
    [`GET ${ns}/secrets/volume/status`, 'cannot read subresource'],
    [
      `GET ${ns}/persistentvolumeclaims?fieldSelector=metadata.name%3Dclaim`,
      'can only get individual resources of this type',
    ],
    [`GET ${ns}/persistentvolumeclaims/claim/status`, 'cannot get subresource'],
    ['GET /api/v1/persistentvolumes/pv', unrelated],
    [`POST ${ns}/serviceaccounts/deployer/token`, unrelated],
    [`GET ${ns}/serviceaccounts/builder`, 'can only create tokens for individual service accounts'],
    [`POST ${ns}/serviceaccounts/builder/else`, 'can only create token subresource of serviceaccount'],
  ])('%s: %s', async (line, expected) => {
    expect(await ask(line)).toBe(expected);
  });

  it('opens when a pod is bound and closes when it is gone or moves', async () => {
    const late = pod('late', undefined, { volumes: [{ secret: { secretName: 'late' } }] });
    const secret = () => ask(`GET ${ns}/secrets/late`);
    read.put('pods', late);
    expect(await secret()).toBe(unrelated);
    read.put('pods', {
      ...late,
      spec: { nodeName: 'n1', volumes: [{ secret: { secretName: 'late' } }] },
    } as KubeObject);
    expect(await secret()).toBe('allow');
    read.remove('pods', 'a/late');
    expect(await secret()).toBe(unrelated);
  });
});

describe('the node itself', () => {
  const onlyOwn = 'can only access node lease with the same name as the requesting node';
  it.each([
    ['GET /api/v1/nodes/n1', 'allow'],
    ['GET /api/v1/nodes?watch=1&fieldSelector=metadata.name%3Dn1', 'allow'],
    ['GET /api/v1/nodes', "node 'n1' cannot read all nodes, only its own Node object"],
    ['GET /api/v1/nodes/n2', "node 'n1' cannot read 'n2', only its own Node object"],
    ['POST /api/v1/nodes', 'allow'],
    ['PATCH /api/v1/nodes/n1/status', 'allow'],
    ['DELETE /api/v1/nodes/n1', 'refused'],
    [`POST ${leases}`, 'allow'],
    [`PATCH ${leases}/n1`, 'allow'],
    [`PUT ${leases}/n2`, onlyOwn],
    [`GET ${leases}`, 'can only get, create, update, patch, or delete a node lease'],
    [
      'GET /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/n1',
      'can only access leases in the "kube-node-lease" system namespace',
    ],
    ['PUT /apis/storage.k8s.io/v1/csinodes/n1', 'allow'],
    ['GET /apis/storage.k8s.io/v1/csinodes/n2', 'can only access CSINode with the same name as the requesting node'],
    ['GET /apis/resource.k8s.io/v1/resourceslices?fieldSelector=nodeName%3Dn1', 'allow'],
    [
      'GET /apis/resource.k8s.io/v1/resourceslices',
      'can only list/watch/deletecollection resourceslices with nodeName field selector',
    ],
    ['GET /api/v1/services', 'allow'],
    [`POST ${ns}/events`, 'allow'],
    ['GET /api/v1/namespaces', 'refused'],
    ['GET /metrics', 'refused'],
  ])('%s: %s', async (line, expected) => {
    expect(await ask(line)).toBe(expected);
  });
});

describe('whom it knows', () => {
  it.each([
    ['the name without the group', { username: 'system:node:n1', groups: [] }, 'refused'],
    ['the group without the name', { username: 'n1', groups: ['system:nodes'] }, 'refused'],
    ['no node name', { username: 'system:node:', groups: ['system:nodes'] }, 'unknown node for user "system:node:"'],
  ])('%s: %j', async (_, user, expected) => {
    expect(await ask('GET /api/v1/services', user)).toBe(expected);
  });
});

describe('a resource that every object inherits', () => {
  it.each(
    ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].flatMap((name) => [
      `GET ${ns}/${name}/x`,
      `POST ${ns}/${name}`,
      `GET /api/v1/${name}`,
      `PATCH /apis/${name}/v1/${name}/x/${name}`,
      `GET ${ns}/pods/${name}`,
      `GET ${ns}/pods/own/${name}`,
    ]),
  )('%s is not allowed, and no fault', async (line) => {
    expect(await ask(line)).not.toBe('allow');
  });
});
