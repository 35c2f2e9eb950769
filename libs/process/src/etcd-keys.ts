import { forShell } from './for-shell.ts';

/** Below which a cluster's keys lie in an etcd, which others may use too; a slash follows. */
export const etcdPrefix = (cluster: string): string => `/kubernest/${cluster}`;

/** What is typed to remove all that a cluster keeps in an etcd. */
export const emptyingEtcd = (addresses: readonly string[], cluster: string): string =>
  `etcdctl --endpoints=${forShell(addresses.join(','))} del --prefix ${etcdPrefix(cluster)}/`;
