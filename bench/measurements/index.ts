import type { LoneMeasurement, Measurement } from '../row.ts';
import { declaredMeasurement } from './declared.ts';
import { definitionsMeasurement } from './definitions.ts';
import { growthMeasurement } from './growth.ts';
import { hostileMeasurement } from './hostile.ts';
import { memoryMeasurement } from './memory.ts';
import { overworkedMeasurement } from './overworked.ts';
import { podsMeasurement } from './pods.ts';
import { readMeasurements } from './reads.ts';
import { readyMeasurement } from './ready.ts';
import { schedulingMeasurement } from './scheduling.ts';
import { watchMeasurement } from './watch.ts';
import { watchNodesMeasurement } from './watch-nodes.ts';
import { writeMeasurements } from './writes.ts';

/** In the order they run and are printed. */
export const loneMeasurements: readonly LoneMeasurement[] = [
  readyMeasurement,
  memoryMeasurement,
  definitionsMeasurement,
  growthMeasurement,
  overworkedMeasurement,
  podsMeasurement,
  hostileMeasurement,
];
// Scheduling is last: it leaves a thousand nodes behind, which others would feel.
export const measurements: readonly Measurement[] = [
  ...readMeasurements,
  ...writeMeasurements,
  declaredMeasurement,
  watchMeasurement,
  watchNodesMeasurement,
  schedulingMeasurement,
];
