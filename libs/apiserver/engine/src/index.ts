export * from './contract/index.ts';
export { createApiServer } from './create-api-server.ts';
export { loopbackTransport } from './loopback-transport.ts';
export { parseRequestInfo } from './request-info.ts';
export { jsonResponse, statusErrorFrom, textResponse } from './responses.ts';
export { FENCE_HEADER, fenceKey } from './request-call.ts';
