export * from './builtin-subresources.ts';
export type { TokenIssuer } from './token/token.subresource.ts';
