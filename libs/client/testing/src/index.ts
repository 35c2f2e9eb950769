export { Journal } from '@kubernest/testkit/server';
export * from './memory-api.ts';
export * from './resources.ts';
