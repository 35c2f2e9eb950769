export * from './props.ts';
export { patternFault } from './regular-expression.ts';
export { structuralFaults } from './structural-faults.ts';
export { unsupportedKeyword } from './unsupported-keyword.ts';
