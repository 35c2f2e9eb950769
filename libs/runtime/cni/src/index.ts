export * from './cni-pod-network.ts';
