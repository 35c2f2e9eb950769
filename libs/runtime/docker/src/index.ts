export * from './docker-runtime.ts';
export { isStaticElf } from './sandbox-image.ts';
