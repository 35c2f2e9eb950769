export { statusErrorFrom } from './answers/responses.ts';
export { createApiServer } from './create-api-server.ts';
export { loopbackTransport } from './loopback-transport.ts';
export { parseRequestInfo } from './requests/request-info.ts';
