export { checkBackend } from './availability/check-backend.ts';
export { Delegation } from './delegate/delegation.ts';
