import { type Flag, NoStoreError, storeAddresses } from '@kubernest/process';

export interface StoreConfig {
  /** The cluster's name: keys of several clusters lie in one etcd. */
  readonly name: string;
  readonly dataDir: string;
  /** `sqlite`, or the addresses of etcd members. */
  readonly store: 'sqlite' | readonly string[];
}

export const storeFlags = {
  store: { type: 'string', default: 'sqlite', value: 'store', what: 'sqlite, or comma-separated etcd addresses' },
} as const satisfies Readonly<Record<string, Flag>>;

export function storeOf(text: string): StoreConfig['store'] {
  try {
    const addresses = storeAddresses(text);
    return addresses.length === 0 ? 'sqlite' : addresses;
  } catch (error) {
    if (!(error instanceof NoStoreError) || error.holdsSecret) throw error;
    throw new Error(`--store ${text}: ${error.message}`, { cause: error });
  }
}
