export { bareType } from './codec/decode-body.ts';
export * from './contract/index.ts';
export { createApiServer } from './create-api-server.ts';
export { runBodyWorker } from './large-body/body-worker.ts';
export { loopbackTransport } from './loopback-transport.ts';
export { parseRequestInfo } from './request-info.ts';
export { statusErrorFrom } from './responses.ts';
