export * from './docker-runtime.ts';
export { isStaticElf } from './static-busybox.ts';
