export { Aggregation } from './aggregation.ts';
export { checkBackend } from './availability/check-backend.ts';
export type { Reach } from './backend-call.ts';
export { type AuthenticationConfig, authenticationConfig } from './trust/authentication-config.ts';
