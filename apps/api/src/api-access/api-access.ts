import type { Client } from '@kubernest/client';
import type { Context } from '@kubernest/kit';

/** A component of the control plane that has a name of its own. */
export type ComponentUser = 'system:kube-controller-manager' | 'system:kube-scheduler';

/** How control loops reach the API: within the process of its server, or over HTTPS from a process of their own. */
export interface ApiAccess {
  /** PEM, of the authority that the API server's certificate is signed by: what pods believe. */
  readonly rootCa: string;
  /** Says in Leases who leads. */
  readonly identity: string;
  /** No other process of this cluster can lead. */
  readonly isOnlyProcess: boolean;
  as(user: ComponentUser): Client;
  /** As service accounts of `kube-system`, whose credentials stay good until `ctx` ends. */
  asServiceAccounts(names: readonly string[], ctx: Context): Promise<(name: string) => Client>;
}
