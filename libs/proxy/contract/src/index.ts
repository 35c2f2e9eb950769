export * from './addresses.ts';
export * from './dataplane.ts';
export * from './service-events.ts';
export * from './sound.ts';
