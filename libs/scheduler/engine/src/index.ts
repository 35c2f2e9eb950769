export * from './create-scheduler.ts';
export * from './decide.ts';
export { hostPortsOf, NodeState } from './node-state.ts';
export * from './normalize.ts';
export * from './plugin.ts';
export { podRequests, podRequestsOrDefault, readRequests } from './pod-requests.ts';
export type * from './scheduler-parts.ts';
