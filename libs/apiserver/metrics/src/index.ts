export { type ApiServerMetrics, apiServerMetrics } from './api-server-metrics.ts';
