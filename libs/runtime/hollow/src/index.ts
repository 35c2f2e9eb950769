export * from './hollow-network.ts';
export * from './hollow-runtime.ts';
