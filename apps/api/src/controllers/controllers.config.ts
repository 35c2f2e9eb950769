import type { Flag } from '@kubernest/process';
import { cidrOf } from '../config/flag-values.ts';

export interface ControllersConfig {
  /** Of which each node gets its part. */
  readonly clusterCidr: string;
}

export const controllersFlags = {
  'cluster-cidr': { type: 'string', default: '10.244.0.0/16', value: 'cidr', what: 'addresses of pods' },
} as const satisfies Readonly<Record<string, Flag>>;

export const readControllersConfig = (values: { readonly 'cluster-cidr': string }): ControllersConfig => ({
  clusterCidr: cidrOf(values['cluster-cidr'], '--cluster-cidr'),
});
