export * from './bindings.ts';
export * from './controller-roles.ts';
export * from './default-objects.ts';
export * from './node-rules.ts';
export * from './reconcile-defaults.ts';
export * from './system-roles.ts';
export * from './user-roles.ts';
