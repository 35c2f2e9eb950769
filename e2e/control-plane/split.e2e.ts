import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    const program = new Program('api', [`--components=${component}`, `--kubeconfig=${kubeconfigOf(component)}`]);
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
  const client = server.client();
  await newNamespace(client, 'split');
  using deployed = await Deployed.create(client, 'split', 'web', 6);
  await deployed.untilBound(6);
  expect(deployed.bindings).toEqual(ones(6));
  expect(await server.kubectl(['get', 'endpoints', 'kubernetes', '-o', 'jsonpath={.subsets[*].ports[*].port}'])).toBe(
    String(server.port),
  );
});
