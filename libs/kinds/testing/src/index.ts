export * from './wide-objects.ts';
