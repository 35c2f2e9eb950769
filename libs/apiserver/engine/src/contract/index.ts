export * from './admission.ts';
export * from './api-server.ts';
export * from './catalog.ts';
export * from './protobuf-codec.ts';
export * from './registry.ts';
export * from './request.ts';
export * from './security.ts';
