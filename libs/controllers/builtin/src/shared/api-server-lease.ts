import type { KubeObject } from '@kubernest/meta';

/** Where each API server has a Lease of its own. */
export const API_SERVER_LEASES = 'kube-system';
export const IDENTITY_LABEL = 'apiserver.kubernetes.io/identity';
export const IDENTITY = 'kube-apiserver';
/** Every change of a CustomResourceDefinition up to this resourceVersion is applied to what the server of the Lease serves. */
export const SERVED_ANNOTATION = 'kubernest.io/custom-resources-served';

export const isApiServerLease = ({ metadata }: KubeObject): boolean =>
  metadata.namespace === API_SERVER_LEASES && metadata.labels?.[IDENTITY_LABEL] === IDENTITY;

/** Whether the server has said that what was written as `version` is applied. */
export const hasApplied = ({ metadata }: KubeObject, version: string): boolean =>
  Number(metadata.annotations?.[SERVED_ANNOTATION] ?? -1) >= Number(version);
