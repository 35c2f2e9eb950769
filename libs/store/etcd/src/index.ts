export { type EtcdCredentials, type EtcdStoreOptions, openEtcdStore } from './etcd-store.ts';
