export { Aggregation } from './aggregation.ts';
export { checkBackend } from './availability/check-backend.ts';
export type { Reach } from './backend-call.ts';
