export * from './builtin-subresources.ts';
export * from './node-dialer.ts';
export type { TokenIssuer } from './token/token.subresource.ts';
