export * from './journal.ts';
export * from './memory-api.ts';
export * from './resources.ts';
