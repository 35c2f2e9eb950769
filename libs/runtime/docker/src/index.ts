export { podCgroupParent } from './cgroup-parent.ts';
export * from './docker-runtime.ts';
