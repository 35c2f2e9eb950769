import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { freePort } from '../../e2e/support/free-port.ts';
import { Child } from './child.ts';
import { type Credentials, HttpsClient } from './https.ts';
import type { LongestTurn } from './turn-probe.ts';

export interface ApiOptions {
  readonly dist: string;
  readonly dir: string;
  readonly etcd?: string;
  readonly profile?: string;
  /** With the probe that tells its longest turn. */
  readonly probed?: boolean;
}

export interface ApiProcess {
  readonly child: Child;
  readonly port: number;
  /** The administrator's kubeconfig, written by the time it is ready. */
  readonly kubeconfig: string;
}

/** Spawns the built control plane with nothing in its data directory; does not wait. */
export async function spawnApi(options: ApiOptions): Promise<ApiProcess> {
  const port = await freePort();
  const kubeconfig = join(options.dir, 'kubeconfig');
  const args = [
    ...(options.probed ? [`--import=${new URL('./turn-probe.ts', import.meta.url).href}`] : []),
    ...(options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : []),
    join(options.dist, 'api.js'),
    `--data-dir=${join(options.dir, 'data')}`,
    '--advertise-address=127.0.0.1',
    `--port=${port}`,
    `--admin-kubeconfig=${kubeconfig}`,
    '--log-level=warn',
    ...(options.etcd ? [`--store=${options.etcd}`] : []),
  ];
  return { child: Child.start('api', process.execPath, args, { ipc: true }), port, kubeconfig };
}

/** The longest turn of a probed process since this was asked last, in CPU time of its main thread. */
export async function longestTurnMs({ child }: ApiProcess): Promise<number> {
  child.process.send({});
  return (await child.message<LongestTurn>()).longestTurnMs;
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  readonly users: readonly [{ readonly user: Readonly<Record<'client-certificate-data' | 'client-key-data', string>> }];
}

export function adminCredentials(kubeconfig: string): Credentials {
  const { user } = (parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig).users[0];
  const decode = (text: string): string => Buffer.from(text, 'base64').toString();
  return { cert: decode(user['client-certificate-data']), key: decode(user['client-key-data']) };
}

/** A service account that may do everything, and its token: what the load carries, so that token and RBAC are part of the way. */
export async function benchToken(api: ApiProcess): Promise<string> {
  using admin = new HttpsClient(api.port, adminCredentials(api.kubeconfig));
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await admin.ask('POST', accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bench' } });
  await admin.ask('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'bench' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'bench' }],
  });
  const review = await admin.ask<{ status: { token: string } }>('POST', `${accounts}/bench/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 36_000 },
  });
  return review.status.token;
}

export function portOf(kubeconfig: string): number {
  const { server } = (parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig).clusters[0].cluster;
  return Number(new URL(server).port);
}
