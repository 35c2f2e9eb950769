export * from './flags.ts';
export * from './if-there.ts';
export * from './logger.ts';
export * from './mounts.ts';
export * from './proc-stat.ts';
export * from './ready.ts';
export * from './remove-tree.ts';
export * from './root-signal.ts';
