export * from './addresses.ts';
export * from './dataplane.ts';
export * from './node-port-events.ts';
export * from './service-events.ts';
export * from './sound.ts';
