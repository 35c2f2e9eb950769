import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, TestCluster } from '../cluster/test-cluster.ts';

let cluster: TestCluster;
const node = 'kubernest-e2e-sec';
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-sec', ['--runtime=hollow', '--hollow-nodes=1']);
});
afterAll(() => cluster?.[Symbol.asyncDispose]());

const kubectl = (...args: string[]) => cluster.kubectl(...args);
/** What is said to somebody who is refused. */
async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await cluster.tryKubectl(args);
  expect(code, stderr).not.toBe(0);
  return stderr;
}
const pod = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'i' }], terminationGracePeriodSeconds: 0, ...spec },
});

describe('the credential of a node', () => {
  const asNode = () => `--kubeconfig=${join(cluster.dataDir, 'agent/kubeconfig')}`;

  it('sees the pods of its node and no others', async () => {
    await cluster.apply(pod('here', { nodeName: node }));
    await cluster.apply(pod('there', { nodeName: 'hollow-0' }));
    expect(await refused('get', 'pods', '-A', asNode())).toContain(
      'can only list/watch pods with spec.nodeName field selector',
    );
    const own = ['-A', `--field-selector=spec.nodeName=${node}`, '-o=name'];
    expect(await kubectl('get', 'pods', ...own, asNode())).toBe('pod/here\n');
    expect(await refused('get', 'pod', 'there', asNode())).toContain('no relationship found between node');
    expect(await refused('get', 'nodes', asNode())).toContain('cannot read all nodes, only its own Node object');
  });

  it('reads a secret while a pod of its own names it', async () => {
    await kubectl('create', 'secret', 'generic', 'key', '--from-literal=a=b');
    expect(await refused('get', 'secret', 'key', asNode())).toContain('no relationship found between node');
    const volumes = [{ name: 'v', secret: { secretName: 'key' } }];
    await cluster.apply(pod('reader', { nodeName: node, volumes }));
    await eventually(async () =>
      expect(await kubectl('get', 'secret', 'key', '-o=name', asNode())).toBe('secret/key\n'),
    );
    expect(await refused('get', 'secrets', asNode())).toContain('No Object name found');
    await kubectl('delete', 'pod', 'reader', '--force');
    await eventually(async () => expect(await refused('get', 'secret', 'key', asNode())).toContain('no relationship'));
  });

  it('gets tokens for its own pods only', async () => {
    const uid = (name: string) => kubectl('get', 'pod', name, '-o=jsonpath={.metadata.uid}');
    const token = async (name: string) => {
      const bound = ['--bound-object-kind=Pod', `--bound-object-name=${name}`, `--bound-object-uid=${await uid(name)}`];
      return ['create', 'token', 'default', ...bound, asNode()];
    };
    expect(await kubectl(...(await token('here')))).toMatch(/^ey/);
    expect(await refused(...(await token('there')))).toContain('bound to a pod scheduled on a different node');
    expect(await refused('create', 'token', 'default', asNode())).toContain('token not bound to a pod');
  });
});

describe('a token', () => {
  /** A kubeconfig with nothing but the token: kubectl prefers a certificate where it has one. */
  function withToken(token: string): string {
    const { server, ca } = transportOptionsOf(loadKubeconfig([cluster.env.KUBECONFIG]));
    const file = join(cluster.home, 'token.kubeconfig');
    const named = { 'certificate-authority-data': Buffer.from(ca ?? '').toString('base64'), server };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: named }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    };
    writeFileSync(file, JSON.stringify(config));
    return `--kubeconfig=${file}`;
  }

  it('that nobody gave lets nobody in', async () => {
    expect(await refused('get', 'pods', withToken('rubbish'))).toContain('You must be logged in to the server');
  });

  it('tells whose it is and ends with the pod it is bound to', async () => {
    const bound = ['--bound-object-kind=Pod', '--bound-object-name=there'];
    const token = (await kubectl('create', 'token', 'default', ...bound)).trim();
    const whoami = await kubectl('auth', 'whoami', '-o=json', withToken(token));
    const key = (name: string) => `authentication.kubernetes.io/${name}`;
    expect(JSON.parse(whoami).status.userInfo).toMatchObject({
      username: 'system:serviceaccount:default:default',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      extra: {
        [key('pod-name')]: ['there'],
        [key('node-name')]: ['hollow-0'],
        [key('node-uid')]: [expect.any(String)],
      },
    });
    await kubectl('delete', 'pod', 'there', '--force');
    expect(await refused('auth', 'whoami', withToken(token))).toContain('You must be logged in to the server');
  });
});

describe('people', () => {
  it('act as others when they may, with the groups that go with it', async () => {
    const account = 'system:serviceaccount:default:default';
    const asked = JSON.parse(await kubectl('auth', 'whoami', '-o=json', `--as=${account}`));
    expect(asked.status.userInfo.groups).toContain('system:serviceaccounts:default');
    const asks = ['auth', 'can-i', 'list', 'pods'];
    expect(await kubectl(...asks, '--as=system:kube-scheduler')).toBe('yes\n');
    expect((await cluster.tryKubectl([...asks, '--as=nobody'])).stdout).toBe('no\n');
  });

  it('give no more than they hold', async () => {
    await kubectl('create', 'rolebinding', 'ann', '--clusterrole=admin', '--user=ann');
    const create = ['create', 'role', 'new', '--as=ann', '--resource=pods'];
    await eventually(async () => expect(await kubectl(...create, '--verb=get')).toContain('created'));
    expect(await refused('create', 'role', 'more', '--as=ann', '--verb=get,list', '--resource=roles,nodes')).toContain(
      'user "ann" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}',
    );
    expect(
      await refused('create', 'rolebinding', 'more', '--as=ann', '--clusterrole=cluster-admin', '--user=ann'),
    ).toContain('not currently held');
  });
});
