import type { Client } from '@kubernest/client';
import type { CoreEvent, Service } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import { faultReasons, type ServiceFault, serviceFaults } from './service-faults.ts';

/** What the Services of a cluster lack on its nodes. */
export async function fetchServiceFaults(client: Client, ctx: Context): Promise<readonly ServiceFault[]> {
  const events = client.resource<CoreEvent>({ group: '', version: 'v1', resource: 'events' });
  const told = await Promise.all(faultReasons.map((reason) => events.list({ fieldSelector: `reason=${reason}` }, ctx)));
  const about = told.flatMap(({ items }) => items);
  if (about.length === 0) return [];
  const services = client.resource<Service>({ group: '', version: 'v1', resource: 'services' });
  return serviceFaults(about, (await services.list({}, ctx)).items, ctx.clock.now());
}
