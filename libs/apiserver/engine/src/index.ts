export { bareType } from './codec/decode-body.ts';
export * from './contract/index.ts';
export { createApiServer } from './create-api-server.ts';
export { loopbackTransport } from './loopback-transport.ts';
export { FENCE_NAMESPACE, fenceOf } from './request-call.ts';
export { nonResourceInfo, parseRequestInfo } from './request-info.ts';
export { jsonResponse, methodRefused, noSuchPath, statusErrorFrom, successStatus, textResponse } from './responses.ts';
export { applyPatch, decodePatch, patchKindOf } from './write/patch.ts';
export { checkPreconditions } from './write/preconditions.ts';
