export * from './flags.ts';
export * from './logger.ts';
export * from './ready.ts';
export * from './root-signal.ts';
