export { certificateFor, type Peculiar, usageOids } from './certificate-for.ts';
