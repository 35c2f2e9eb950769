export * from './admission-plugins.ts';
export * from './service-allocation/service-allocation.plugin.ts';
