export * from './admission.ts';
export * from './api-server.ts';
export { Catalog, type CatalogChange, type CatalogUpdate } from './catalog/catalog.ts';
export * from './catalog/served.ts';
export * from './protobuf-codec.ts';
export * from './registry.ts';
export * from './request.ts';
export * from './security.ts';
