export * from './contract.ts';
export { createDialer, type DialerIdentity, type DialerParts } from './create-dialer.ts';
export { type DialRequest, dial } from './dial.ts';
export { DialError, type DialFault } from './dial-error.ts';
export { type UpgradeAnswer, type UpgradeRequest, upgrade } from './upgrade.ts';
export { whileClientListens } from './while-client-listens.ts';
