import type { Flag } from '@kubernest/process';

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
  if (text === 'sqlite') return text;
  const addresses = text.split(',').filter((address) => address !== '');
  const isAddress = (address: string): boolean => /^https?:\/\//.test(address) && URL.canParse(address);
  if (addresses.length === 0 || !addresses.every(isAddress))
    throw new Error(`--store ${text}: sqlite, or the addresses of etcd such as http://127.0.0.1:2379`);
  return addresses;
}
