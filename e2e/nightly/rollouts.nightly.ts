import { it } from 'vitest';
import { quickRollouts } from '../cluster/rollouts.ts';

const COUNT = 200;

it(`of ${COUNT} quick roll-outs nothing is left but the pods of the last`, () => quickRollouts(COUNT));
