export * from './backlog.ts';
export * from './checks.ts';
export * from './keys.ts';
export * from './store.ts';
