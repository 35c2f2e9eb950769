export type { Count, Counter } from './counter.ts';
export { exponentialBuckets, type Histogram, histogramSamples, type Observations } from './histogram.ts';
export { type Described, type Metric, Metrics, type Sample } from './metrics.ts';
