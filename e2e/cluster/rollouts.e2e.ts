import { it } from 'vitest';
import { quickRollouts } from './rollouts.ts';

// Two hundred of them are in e2e/nightly/rollouts.nightly.ts.
const COUNT = 20;

it(`of ${COUNT} quick roll-outs nothing is left but the pods of the last`, () => quickRollouts(COUNT));
