import type { ApiServer, UserInfo } from '@kubernest/apiserver/contract';
import { loopbackTransport } from '@kubernest/apiserver/handlers';
import { CallPlaces, type Client, createClient, inPlaces } from '@kubernest/client';
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

/** For components of the control plane alone. */
export function loopbackClient(server: ApiServer, user: UserInfo): Client {
  return createClient(inPlaces(loopbackTransport(server, user, { controlPlane: true }), user.username, places));
}
