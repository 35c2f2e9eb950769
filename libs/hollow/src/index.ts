export * from './hollow-nodes.ts';
