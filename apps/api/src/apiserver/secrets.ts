import { join } from 'node:path';
import { type TokenAuthority, tokenAuthority } from '@kubernest/apiserver/authn';
import { type Context, Current } from '@kubernest/kit';
import {
  apiserverIdentity,
  apiserverKubeletClientIdentity,
  type CertificateRequest,
  type ClusterSecrets,
  type IssuedFiles,
  loadOrCreateClusterSecrets,
  loadOrCreateSealingKey,
  loadOrIssueFiles,
  loadSealingKey,
  type SealingKey,
  tokenSigner,
} from '@kubernest/pki';
import type { Store } from '@kubernest/store/contract';
import { holdsCluster } from '../store/lost-state.ts';
import type { ApiserverConfig } from './apiserver.config.ts';
import { serviceAddress } from './service-address.ts';

/** What this server proves itself with and judges others by. */
export interface ServerSecrets {
  readonly sealingKey: SealingKey;
  readonly cluster: ClusterSecrets;
  readonly tokens: TokenAuthority;
  readonly serving: Current<IssuedFiles>;
  /** Shown to node agents. */
  readonly kubeletClient: Current<IssuedFiles>;
}

const issuer = 'https://kubernetes.default.svc.cluster.local';

export async function openSecrets(config: ApiserverConfig, store: Store, ctx: Context): Promise<ServerSecrets> {
  const exists = await holdsCluster(config, store, ctx);
  const sealingKey = await (exists ? loadSealingKey : loadOrCreateSealingKey)(config.sealingKey);
  const cluster = await loadOrCreateClusterSecrets(store, sealingKey, ctx);
  const issue = async (name: OwnCertificate) =>
    new Current(await issueInto(config, cluster, name, requestOf(config, name), ctx));
  return {
    sealingKey,
    cluster,
    tokens: tokenAuthority({ signer: tokenSigner(cluster.serviceAccountKeys), issuer, audiences: [issuer] }),
    serving: await issue('apiserver'),
    kubeletClient: await issue('apiserver-kubelet-client'),
  };
}

type OwnCertificate = 'apiserver' | 'apiserver-kubelet-client';

function requestOf(config: ApiserverConfig, name: OwnCertificate): CertificateRequest {
  if (name === 'apiserver-kubelet-client') return apiserverKubeletClientIdentity;
  return apiserverIdentity({ ipAddresses: [config.advertiseAddress, serviceAddress(config.serviceCidr, 1)] });
}

/** Replaces what is due of the server's own certificates. Resolves with when to call again. */
export async function renewSecrets(
  config: ApiserverConfig,
  secrets: ServerSecrets,
  ctx: Context,
): Promise<readonly Date[]> {
  const renew = async (current: Current<IssuedFiles>, name: OwnCertificate): Promise<Date> => {
    const issued = await issueInto(config, secrets.cluster, name, requestOf(config, name), ctx);
    if (issued.certificate !== current.value.certificate) current.replace(issued);
    return issued.renewAt;
  };
  return [await renew(secrets.serving, 'apiserver'), await renew(secrets.kubeletClient, 'apiserver-kubelet-client')];
}

/** A certificate under the data directory: what lies there if it still serves, else a new one. */
export function issueInto(
  config: ApiserverConfig,
  cluster: ClusterSecrets,
  name: string,
  request: CertificateRequest,
  ctx: Context,
): Promise<IssuedFiles> {
  const file = (suffix: string): string => join(config.dataDir, 'pki', `${name}.${suffix}`);
  return loadOrIssueFiles({ certificate: file('crt'), key: file('key') }, cluster.authority, request, ctx);
}
