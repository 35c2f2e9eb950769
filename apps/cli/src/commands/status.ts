import type { Client } from '@kubernest/client';
import type { CoreEvent, Service } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import { messageOf } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { nodePortAvailable, nodePortUnavailable } from '@kubernest/proxy/contract';
import { adminClient } from '../cluster/admin-client.ts';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { missingNodePorts } from '../cluster/missing-node-ports.ts';
import { recordedProcess } from '../cluster/process-file.ts';
import type { ClusterOptions } from './options.ts';

interface WithConditions extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly phase?: string;
  };
}

/** Prints what runs and how the cluster is; fails when the API does not answer. */
export async function status(options: ClusterOptions, ctx: Context): Promise<void> {
  const dir = new ClusterDir(options.name, options.dataDir);
  const facts = dir.facts();
  if (!facts)
    throw new Error(
      `there is no cluster "${dir.name}" in ${dir.path}; start one with: kubernest up --name ${dir.name}`,
    );
  for (const name of ['up', 'api', 'agent', 'engine']) {
    const record = recordedProcess(dir.pidFile(name));
    console.log(`${name.padEnd(8)}${record ? `running (pid ${record.pid})` : 'not running'}`);
    if (record?.restarted) console.log(`        started again at ${record.restarted.at}: ${record.restarted.why}`);
  }
  const client = adminClient(dir);
  try {
    const nodes = await client.resource<WithConditions>({ group: '', version: 'v1', resource: 'nodes' }).list({}, ctx);
    const pods = await client.resource<WithConditions>({ group: '', version: 'v1', resource: 'pods' }).list({}, ctx);
    const ready = nodes.items.filter((n) =>
      n.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
    );
    const running = pods.items.filter((p) => p.status?.phase === 'Running');
    console.log(
      `API     https://127.0.0.1:${facts.apiPort} answers; nodes ready ${ready.length}/${nodes.items.length}; pods running ${running.length}/${pods.items.length}`,
    );
    for (const missing of await nodePortsOfOthers(client, ctx)) console.log(`ports   ${missing}`);
  } catch (error) {
    throw new Error(`the API at https://127.0.0.1:${facts.apiPort} does not answer: ${messageOf(error)}`);
  }
}

/** What nodes tell of the node ports that they do not have. Services are asked for only when there is such a word. */
async function nodePortsOfOthers(client: Client, ctx: Context): Promise<string[]> {
  const events = client.resource<CoreEvent>({ group: '', version: 'v1', resource: 'events' });
  const told = await Promise.all(
    [nodePortUnavailable, nodePortAvailable].map((reason) => events.list({ fieldSelector: `reason=${reason}` }, ctx)),
  );
  const items = told.flatMap((list) => list.items);
  if (items.length === 0) return [];
  const services = await client.resource<Service>({ group: '', version: 'v1', resource: 'services' }).list({}, ctx);
  return missingNodePorts(items, services.items, ctx.clock.now());
}
