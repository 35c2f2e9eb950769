export { definitionsOf } from './definitions-of.ts';
export { type ExtensionsParts, extensions } from './extensions.ts';
