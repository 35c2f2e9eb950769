import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { TestEtcd } from '../store/support/etcd.ts';
import { Api } from './support/api.ts';
import { Deployed, ones } from './support/deployed.ts';
import { OwnAddresses } from './support/own-address.ts';
import { Program } from './support/program.ts';
import { newNamespace } from './support/two-apis.ts';

const loops = ['controllers', 'scheduler'];

it('the control plane also runs as one process for each component', async () => {
  const home = mkdtempSync(join(tmpdir(), 'kubernest-split-'));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(home, { recursive: true, force: true }));
  const { first: address } = cleanup.use(await OwnAddresses.add());
  const etcd = await TestEtcd.start();
  cleanup.defer(() => etcd.dispose());
  const kubeconfigOf = (component: string): string => join(home, `${component}.kubeconfig`);
  const server = cleanup.use(
    await Api.on({
      dir: home,
      store: etcd.endpoint,
      sealingKey: join(home, 'sealing.key'),
      address,
      flags: [
        '--components=apiserver',
        ...loops.map((component) => `--component-kubeconfig=${component}=${kubeconfigOf(component)}`),
      ],
    }),
  );
  await server.start();
  // Of the store they know nothing, and of the keys of the cluster only their own.
  for (const component of loops) {
    const program = new Program('api', [
      `--components=${component}`,
      `--kubeconfig=${kubeconfigOf(component)}`,
      `--bind-address=${address}`,
    ]);
    cleanup.use(program);
    await program.ready();
  }
  const flags = [
    '--runtime=hollow',
    '--hollow-nodes=2',
    `--kubeconfig=${server.kubeconfig}`,
    `--data-dir=${home}/agent`,
  ];
  cleanup.use(new Program('node-agent', flags));
  const counted = await readMetrics(server, address);
  expect(counted(10257)).toMatch(/^workqueue_adds_total\{.*name="deployment".*\} \d/m);
  expect(counted(10259)).toMatch(/^scheduler_pending_pods\{/m);
  for (const port of [10257, 10259]) expect(counted(port)).toMatch(/^rest_client_requests_total\{/m);
  const client = server.client();
  await newNamespace(client, 'split');
  using deployed = await Deployed.create(client, 'split', 'web', 6);
  await deployed.untilBound(6);
  expect(deployed.bindings).toEqual(ones(6));
  expect(await server.kubectl(['get', 'endpoints', 'kubernetes', '-o', 'jsonpath={.subsets[*].ports[*].port}'])).toBe(
    String(server.port),
  );
});

/** As a service account that may; anybody is told that they run. */
async function readMetrics(server: Api, host: string): Promise<(port: number) => string> {
  await server.kubectl(['create', 'serviceaccount', 'reader']);
  await server.kubectl(['create', 'clusterrole', 'reader', '--verb=get', '--non-resource-url=/metrics']);
  await server.kubectl([
    'create',
    'clusterrolebinding',
    'reader',
    '--clusterrole=reader',
    '--serviceaccount=default:reader',
  ]);
  const token = (await server.kubectl(['create', 'token', 'reader'])).trim();
  const read = async (port: number, path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = get({ host, port, path, headers, rejectUnauthorized: false, agent: false });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return [answer.statusCode, await text(answer)] as const;
  };
  const told = new Map<number, string>();
  for (const port of [10257, 10259]) {
    expect(await read(port, '/healthz')).toEqual([200, 'ok']);
    const [status, document] = await read(port, '/metrics');
    expect(status).toBe(200);
    told.set(port, document);
  }
  return (port) => told.get(port)!;
}
