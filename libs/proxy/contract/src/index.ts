export * from './dataplane.ts';
export * from './node-port-events.ts';
