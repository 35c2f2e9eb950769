import { type AllocationRanges, allocationRepair } from '@kubernest/apiserver/admission';
import type { ApiServer } from '@kubernest/apiserver/contract';
import { createEventRecorder } from '@kubernest/client';
import type { Runnable } from '@kubernest/kit';
import { apiserverUser, loopbackClient } from '../api-access/identities.ts';
import type { ApiserverConfig } from './apiserver.config.ts';

export const allocationRanges = ({ serviceCidr, nodePorts, ownNodePorts }: ApiserverConfig): AllocationRanges => ({
  serviceCidr,
  nodePorts: { first: nodePorts.from, last: nodePorts.to },
  ...(ownNodePorts ? { ownNodePorts: { first: ownNodePorts.from, last: ownNodePorts.to } } : {}),
});

/** Keeps what Services hold and what is allocated the same; what only people can mend they find among the Service's Events. */
export function allocations(config: ApiserverConfig, server: ApiServer): Runnable {
  const client = loopbackClient(server, apiserverUser);
  return {
    name: 'allocations',
    start(ctx) {
      const events = createEventRecorder({ component: 'ipallocator-repair-controller', client }, ctx);
      const { store } = server.core;
      return allocationRepair({
        ranges: allocationRanges(config),
        store,
        client,
        report: ({ service, reason, message }) => events.record(service, { type: 'Warning', reason, message }),
      }).start(ctx);
    },
  };
}
