export * from './container.ts';
export * from './errors.ts';
export * from './image.ts';
export * from './pod-identity.ts';
export * from './pod-network.ts';
export * from './runtime.ts';
export * from './sandbox.ts';
export * from './session.ts';
