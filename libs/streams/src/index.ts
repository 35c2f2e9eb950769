export * from './accept.ts';
export * from './channels.ts';
export * from './connect-command.ts';
export * from './connect-port-forward.ts';
export type { UpgradeRequest } from './dial-upgrade.ts';
export * from './exit-status.ts';
export * from './port-forward.ts';
export * from './proxy-upgrade.ts';
export * from './serve.ts';
