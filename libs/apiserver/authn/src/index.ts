export * from './authenticators.ts';
export * from './bearer.ts';
export * from './bootstrap-token.ts';
export * from './peer.ts';
export * from './service-account.ts';
export * from './service-account-tokens.ts';
export * from './token-binding.ts';
export * from './users.ts';
