export * from './aggregated.ts';
export { aggregatedDiscoverySchema } from './aggregated-schema.ts';
export * from './groups.ts';
export * from './resource-list.ts';
export * from './subresources.ts';
export { compareVersions, groupsOf, inGroupVersion } from './versions.ts';
