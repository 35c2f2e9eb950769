export * from './docker-runtime.ts';
