export * from './docker-runtime.ts';
export { NamelessImageError } from './load-image.ts';
export { isStaticElf } from './static-busybox.ts';
