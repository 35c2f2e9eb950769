import type { LoneMeasurement, Measurement } from '../row.ts';
import { readMeasurements } from './reads.ts';
import { writeMeasurements } from './writes.ts';

export const loneMeasurements: readonly LoneMeasurement[] = [];
export const measurements: readonly Measurement[] = [...readMeasurements, ...writeMeasurements];
