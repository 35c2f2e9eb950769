export { type CgroupOptions, PodCgroups } from './cgroups/pod-cgroups.ts';
export { createKubelet, type KubeletOptions } from './kubelet.ts';
export { LogLinks } from './logs/log-links.ts';
export { followedMachineResolver } from './network/machine-resolver.ts';
export { ServingCertificate, type ServingOptions } from './serving/serving-certificate.ts';
export type { NodeServerTls } from './streams/node-server.ts';
export { directoryMounter, systemMounter } from './volumes/mounter.ts';
export { removePodDir } from './volumes/pod-volumes.ts';
export type { Mounter } from './volumes/volume.ts';
