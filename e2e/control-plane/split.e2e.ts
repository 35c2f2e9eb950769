import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TestEtcd } from '../store/support/etcd.ts';
import { Api } from './support/api.ts';
import { Deployed, ones } from './support/deployed.ts';
import { OwnAddresses } from './support/own-address.ts';
import { Program } from './support/program.ts';
import { newNamespace } from './support/two-apis.ts';

it('the control plane also runs as one process for each component', async () => {
  const home = mkdtempSync(join(tmpdir(), 'kubernest-split-'));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(home, { recursive: true, force: true }));
  const { first: address } = cleanup.use(await OwnAddresses.add());
  const etcd = await TestEtcd.start();
  cleanup.defer(() => etcd.dispose());
  const start = async (components: string): Promise<Api> => {
    const dir = join(home, components);
    mkdirSync(dir);
    const options = { dir, store: etcd.endpoint, sealingKey: join(home, 'sealing.key'), address };
    const api = cleanup.use(await Api.on({ ...options, components }));
    await api.start();
    return api;
  };
  const [server] = await Promise.all([start('apiserver'), start('controllers'), start('scheduler')]);
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
