export type { Answer } from '@kubernest/testkit/server';
export { admin, type Caller, kubelet } from './callers.ts';
export { ranges } from './control-plane.ts';
export { type ClusterOptions, type TestCluster, testCluster } from './test-cluster.ts';
