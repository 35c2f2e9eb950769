export * from './admission-plugins.ts';
export { type AllocationRepairOptions, allocationRepair } from './service-allocation/repair.ts';
export * from './service-allocation/service-allocation.plugin.ts';
