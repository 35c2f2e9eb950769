import type { Fence } from '@kubernest/store/contract';

/** Whose Leases fence: the control plane's own. Others, the nodes' by the thousand above all, leave no token in the store. */
export const FENCE_NAMESPACE = 'kube-system';

/** What a write under that Lease's fence is compared with, and what must stand there. */
export const fenceOf = (lease: string, uid: string, transitions: number): Fence => ({
  key: `/kubernest/fences/${FENCE_NAMESPACE}/${lease}`,
  token: `${uid}/${transitions}`,
});
