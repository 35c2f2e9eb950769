export { bareType } from './codec/decode-body.ts';
export * from './contract/index.ts';
export { createApiServer } from './create-api-server.ts';
export { runBodyWorker } from './large-body/body-worker.ts';
export { loopbackTransport } from './loopback-transport.ts';
export { FENCE_NAMESPACE, fenceOf } from './request-call.ts';
export { nonResourceInfo, parseRequestInfo } from './request-info.ts';
export {
  jsonResponse,
  methodRefused,
  noSuchPath,
  statusErrorFrom,
  successStatus,
  textResponse,
  wholeOf,
} from './responses.ts';
export { isLongRunning } from './stages/long-running.ts';
export { checkPreconditions } from './write/preconditions.ts';
