import type { ApiServer, UserInfo } from '@kubernest/apiserver/contract';
import { loopbackTransport } from '@kubernest/apiserver/handlers';
import { CallPlaces, type Client, countedTransport, createClient, inPlaces } from '@kubernest/client';
import type { Metrics } from '@kubernest/kit';
import type { ComponentUser } from './api-access.ts';

const authenticated = 'system:authenticated';

/** A controller acts as its own service account. */
export function serviceAccountUser(name: string): UserInfo {
  return {
    username: `system:serviceaccount:kube-system:${name}`,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', authenticated],
  };
}

export const componentUser = (username: ComponentUser): UserInfo => ({ username, groups: [authenticated] });

/** The API server's own needs: the `kubernetes` Service, defaults. */
export const apiserverUser: UserInfo = { username: 'system:apiserver', groups: ['system:masters', authenticated] };

/** One for all components: requests from outside go before the work of the control plane. */
const places = new CallPlaces();

/** Under which address of the server calls are counted, and where. */
export interface Counted {
  readonly host: string;
  readonly metrics: Metrics;
}

/** For components of the control plane alone. */
export function loopbackClient(server: ApiServer, user: UserInfo, counted?: Counted): Client {
  const transport = loopbackTransport(server, user, { controlPlane: true });
  const own = counted ? countedTransport(transport, counted.host, counted.metrics) : transport;
  return createClient(inPlaces(own, user.username, places));
}
