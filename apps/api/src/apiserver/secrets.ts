import { join } from 'node:path';
import { type TokenAuthority, tokenAuthority } from '@kubernest/apiserver/authn';
import type { Context } from '@kubernest/kit';
import {
  apiserverIdentity,
  apiserverKubeletClientIdentity,
  type CertificateRequest,
  type ClusterSecrets,
  type IssuedFiles,
  loadOrCreateClusterSecrets,
  loadOrCreateSealingKey,
  loadOrIssueFiles,
  tokenSigner,
} from '@kubernest/pki';
import type { Store } from '@kubernest/store/contract';
import type { Config } from '../config.ts';
import { serviceAddress } from './service-address.ts';

/** What this server proves itself with and judges others by. */
export interface ServerSecrets {
  readonly cluster: ClusterSecrets;
  readonly tokens: TokenAuthority;
  readonly serving: IssuedFiles;
  /** Shown to node agents. */
  readonly kubeletClient: IssuedFiles;
}

const issuer = 'https://kubernetes.default.svc.cluster.local';

export async function openSecrets(config: Config, store: Store, ctx: Context): Promise<ServerSecrets> {
  const cluster = await loadOrCreateClusterSecrets(store, await loadOrCreateSealingKey(config.sealingKey), ctx);
  const addresses = [config.advertiseAddress, serviceAddress(config.serviceCidr, 1)];
  const issue = (name: string, request: CertificateRequest) => issueInto(config, cluster, name, request, ctx);
  return {
    cluster,
    tokens: tokenAuthority({ signer: tokenSigner(cluster.serviceAccountKeys), issuer, audiences: [issuer] }),
    serving: await issue('apiserver', apiserverIdentity({ ipAddresses: addresses })),
    kubeletClient: await issue('apiserver-kubelet-client', apiserverKubeletClientIdentity),
  };
}

/** A certificate under the data directory: what lies there if it still serves, else a new one. */
export function issueInto(
  config: Config,
  cluster: ClusterSecrets,
  name: string,
  request: CertificateRequest,
  ctx: Context,
): Promise<IssuedFiles> {
  const file = (suffix: string): string => join(config.dataDir, 'pki', `${name}.${suffix}`);
  return loadOrIssueFiles({ certificate: file('crt'), key: file('key') }, cluster.authority, request, ctx);
}
