import type { Service } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import { Argument, Option } from 'commander';
import { adminClient } from '../cluster/admin-client.ts';
import { nodeAddress } from '../cluster/node-address.ts';
import { nodeNameOf } from '../cluster/programs.ts';
import { fetchServiceFaults } from '../cluster/report/fetch-service-faults.ts';
import { runningCluster } from '../cluster/running-cluster.ts';
import { serviceUrls } from '../cluster/service-urls.ts';
import { runtimeOf } from '../cluster/session.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { printFault, printLine } from '../output/print.ts';

interface ServiceOptions extends ClusterOptions {
  readonly namespace: string;
}

export const service: CommandDefinition<ServiceOptions> = {
  name: 'service',
  heading: 'Use',
  about: 'Print the addresses of a Service, one for each of its ports.',
  ofCluster: true,
  arguments: [new Argument('<service>', 'its name')],
  options: [new Option('-n, --namespace <namespace>', 'where it is').default('default')],
  run: ({ args, options }, ctx) => printUrls(args[0]!, options, ctx),
};

async function printUrls(name: string, options: ServiceOptions, ctx: Context): Promise<void> {
  const { dir, facts } = runningCluster(options);
  if (runtimeOf(dir, facts) === 'hollow')
    throw new Error('the pods of this cluster are simulated: nobody answers at the addresses of its Services');
  const client = adminClient(dir);
  const services = client.resource<Service>({ group: '', version: 'v1', resource: 'services' });
  const found = await services.fetch({ namespace: options.namespace, name }, ctx).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    throw new Error(`there is no Service "${name}" in namespace "${options.namespace}"`, { cause: error });
  });
  const node = nodeNameOf(facts);
  const lacking = await fetchServiceFaults(client, ctx);
  const own = lacking.filter((fault) => fault.uid === found.metadata?.uid && fault.node === node);
  const { urls, faults } = serviceUrls(found, nodeAddress(facts), own);
  for (const url of urls) printLine(url);
  for (const fault of faults.slice(0, -1)) printFault(fault);
  if (faults.length > 0) throw new Error(faults.at(-1));
}
