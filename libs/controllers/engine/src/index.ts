export * from './all-resources.ts';
export * from './controller.ts';
export * from './controller-engine.ts';
export * from './discovery.ts';
export * from './work-queue.ts';
