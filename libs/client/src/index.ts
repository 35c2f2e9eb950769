export * from './client.ts';
export * from './create-client.ts';
export * from './http/http-transport.ts';
export * from './informer/informer-set.ts';
export * from './informer.ts';
export * from './kubeconfig/change.ts';
export * from './kubeconfig/load.ts';
export * from './leader-election.ts';
export { statusErrorOf } from './status-from.ts';
