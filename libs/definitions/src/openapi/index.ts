export { type DocumentPart, documentParts } from './document-parts.ts';
export * from './documents.ts';
export { openApiV2Protobuf } from './gnostic/v2.ts';
export { openApiV3Protobuf } from './gnostic/v3.ts';
export type { Descriptions, OpenApiSchema } from './openapi-schemas.ts';
export { openApiV2 } from './v2.ts';
export { type OpenApiOptions, openApiV3 } from './v3.ts';
