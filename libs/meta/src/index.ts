export * from './object.ts';
export * from './resource-ref.ts';
export * from './schema.ts';
export * from './status-error.ts';
