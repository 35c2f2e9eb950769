export * from './conformance.ts';
export * from './wide-objects.ts';
