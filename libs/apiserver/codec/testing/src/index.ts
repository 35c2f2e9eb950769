export { buildBodyProgram } from './body-program.ts';
export { lampSource, lamps, lampsOf } from './declared.ts';
