export * from './backoff.ts';
export * from './clock.ts';
export * from './context.ts';
export * from './current.ts';
export * from './errors.ts';
export * from './group.ts';
export * from './logger.ts';
export * from './sleep-until.ts';
