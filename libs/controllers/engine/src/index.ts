export * from './all-resources.ts';
export * from './controller.ts';
export * from './controller-engine.ts';
export * from './discovery.ts';
export { QueueMetrics, type QueueWatch } from './queue-watch.ts';
export * from './work-queue.ts';
