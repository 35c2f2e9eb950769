export { type ApiServerMetrics, apiServerMetrics } from './api-server-metrics.ts';
export { AvailabilityTally } from './availability-tally.ts';
export { Exposition } from './exposition.ts';
