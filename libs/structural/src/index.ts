export { type Coerced, type CoerceOptions, coerceEmbedded } from './coerce.ts';
export { type CompileOptions, compileSchema } from './compile-schema.ts';
export { type DecodeResourceOptions, decodeResource } from './decode-resource.ts';
export { defaultFaults } from './default-faults.ts';
export { applyDefaults, dropNulls } from './defaults.ts';
export type { Growth } from './filling.ts';
export { type OfEveryObject, openApiV2, openApiV3 } from './openapi/openapi.ts';
export type { OpenApiSchema } from './openapi/published.ts';
export * from './props.ts';
export { type PruneOptions, prune } from './prune.ts';
export { lazyPattern, patternFault } from './regular-expression.ts';
export { structuralFaults } from './structural-faults.ts';
export { MOST_SCHEMA_LEVELS, unsupportedKeyword, whyUnsupported } from './unsupported-keyword.ts';
export {
  type ValidateOptions,
  validateCustomResource,
  validateCustomResourceStatus,
} from './validate/validate-custom-resource.ts';
