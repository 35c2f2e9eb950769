import { join } from 'node:path';
import { type TokenAuthority, tokenAuthority } from '@kubernest/apiserver/authn';
import { type Context, Current } from '@kubernest/kit';
import {
  apiserverIdentity,
  apiserverKubeletClientIdentity,
  type CertificateRequest,
  type CertifiedKey,
  type ClusterSecrets,
  frontProxyIdentity,
  type IssuedFiles,
  loadOrCreateClusterSecrets,
  loadOrCreateSealingKey,
  loadOrIssueFiles,
  loadSealingKey,
  type SealingKey,
  SealingKeyMissing,
  tokenSigner,
} from '@kubernest/pki';
import type { Store } from '@kubernest/store/contract';
import { holdsCluster, orEmptyStore } from '../store/lost-state.ts';
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
  /** Shown to aggregated APIs, which then believe for whom is asked. */
  readonly frontProxyClient: Current<IssuedFiles>;
}

const issuer = 'https://kubernetes.default.svc.cluster.local';

export async function openSecrets(config: ApiserverConfig, store: Store, ctx: Context): Promise<ServerSecrets> {
  const exists = await holdsCluster(config, store, ctx);
  const sealingKey = await (exists ? keptKey(config) : loadOrCreateSealingKey(config.sealingKey));
  const cluster = await loadOrCreateClusterSecrets(store, sealingKey, ctx);
  const issue = async (name: OwnCertificate) => new Current(await issueOwn(config, cluster, name, ctx));
  return {
    sealingKey,
    cluster,
    tokens: tokenAuthority({ signer: tokenSigner(cluster.serviceAccountKeys), issuer, audiences: [issuer] }),
    serving: await issue('apiserver'),
    kubeletClient: await issue('apiserver-kubelet-client'),
    frontProxyClient: await issue('front-proxy-client'),
  };
}

const keptKey = (config: ApiserverConfig): Promise<SealingKey> =>
  loadSealingKey(config.sealingKey).catch((error: unknown) => {
    throw error instanceof SealingKeyMissing ? orEmptyStore(config, error.message) : error;
  });

type OwnCertificate = 'apiserver' | 'apiserver-kubelet-client' | 'front-proxy-client';

function requestOf(config: ApiserverConfig, name: OwnCertificate): CertificateRequest {
  if (name === 'apiserver-kubelet-client') return apiserverKubeletClientIdentity;
  if (name === 'front-proxy-client') return frontProxyIdentity;
  return apiserverIdentity({ ipAddresses: [config.advertiseAddress, serviceAddress(config.serviceCidr, 1)] });
}

/** Replaces what is due of the server's own certificates. Resolves with when to call again. */
export async function renewSecrets(
  config: ApiserverConfig,
  secrets: ServerSecrets,
  ctx: Context,
): Promise<readonly Date[]> {
  const renew = async (current: Current<IssuedFiles>, name: OwnCertificate): Promise<Date> => {
    const issued = await issueOwn(config, secrets.cluster, name, ctx);
    if (issued.certificate !== current.value.certificate) current.replace(issued);
    return issued.renewAt;
  };
  return [
    await renew(secrets.serving, 'apiserver'),
    await renew(secrets.kubeletClient, 'apiserver-kubelet-client'),
    await renew(secrets.frontProxyClient, 'front-proxy-client'),
  ];
}

function issueOwn(
  config: ApiserverConfig,
  cluster: ClusterSecrets,
  name: OwnCertificate,
  ctx: Context,
): Promise<IssuedFiles> {
  const authority = name === 'front-proxy-client' ? cluster.frontProxyAuthority : cluster.authority;
  return issueBy(authority, config, { name, request: requestOf(config, name) }, ctx);
}

/** A certificate of the cluster's authority. */
export const issueInto = (
  config: ApiserverConfig,
  { authority }: ClusterSecrets,
  name: string,
  request: CertificateRequest,
  ctx: Context,
): Promise<IssuedFiles> => issueBy(authority, config, { name, request }, ctx);

/** One under the data directory: what lies there if it still serves, else a new one. */
function issueBy(
  authority: CertifiedKey,
  config: ApiserverConfig,
  { name, request }: { readonly name: string; readonly request: CertificateRequest },
  ctx: Context,
): Promise<IssuedFiles> {
  const file = (suffix: string): string => join(config.dataDir, 'pki', `${name}.${suffix}`);
  return loadOrIssueFiles({ certificate: file('crt'), key: file('key') }, authority, request, ctx);
}
