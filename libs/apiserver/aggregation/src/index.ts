export { Delegation } from './delegate/delegation.ts';
