import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Context } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { type CertifiedKey, issueAuthority } from './certificate.ts';
import { raiseFormat, type SealingKey, seal, unseal } from './sealing.ts';

/** What all API servers of a cluster share and no client may ever read. */
export interface ClusterSecrets {
  /** Signs servers, clients and kubelets. */
  readonly authority: CertifiedKey;
  /** Signs the client certificate shown to aggregated APIs, and nothing else: its holder may name any user. */
  readonly frontProxyAuthority: CertifiedKey;
  /** RSA, PKCS#8 PEM. The first signs; all verify. */
  readonly serviceAccountKeys: readonly string[];
}

export const clusterSecretsKey = '/kubernest/secrets/cluster';

/** True once a cluster has begun on this store: its secrets are what is written first. */
export async function hasClusterSecrets(store: Store, ctx: Context): Promise<boolean> {
  return (await store.get(clusterSecretsKey, ctx)).entry !== undefined;
}

/**
 * Reads the cluster's secrets from the store, or makes them. One key made by compare-and-set: of two servers that start at once on
 * one store, one writes and the other takes what was written. Throws `SealingKeyError` when `sealingKey` is not the cluster's.
 */
export async function loadOrCreateClusterSecrets(
  store: Store,
  sealingKey: SealingKey,
  ctx: Context,
): Promise<ClusterSecrets> {
  const found = await store.get(clusterSecretsKey, ctx);
  if (found.entry) return open(found.entry.value, sealingKey);
  const made = await makeSecrets(ctx);
  const sealed = seal(sealingKey, clusterSecretsKey, Buffer.from(JSON.stringify(made)));
  const value = raiseFormat(clusterSecretsKey, sealed) ?? sealed;
  const result = await store.commit(
    {
      conditions: [{ key: clusterSecretsKey, revision: 0 }],
      writes: [{ op: 'put', key: clusterSecretsKey, value }],
    },
    ctx,
  );
  if (result.ok) return made;
  const winner = result.failed[0]?.entry ?? (await store.get(clusterSecretsKey, ctx)).entry;
  if (!winner)
    throw new Error(`${clusterSecretsKey} was written and removed while this server started: start it again`);
  return open(winner.value, sealingKey);
}

/**
 * Marks the data of an older release as this one's: the older one, which opens the secrets before it serves or writes, then refuses to
 * start on it. Writes nothing where that was done already, by this release or a newer one, and where the secrets are gone.
 */
export async function raiseClusterFormat(store: Pick<Store, 'get' | 'commit'>, ctx: Context): Promise<void> {
  for (let raised = false; !raised; ) {
    const { entry } = await store.get(clusterSecretsKey, ctx);
    const value = entry && raiseFormat(clusterSecretsKey, entry.value);
    if (!value) return;
    const conditions = [{ key: clusterSecretsKey, revision: entry.revision }];
    const result = await store.commit({ conditions, writes: [{ op: 'put', key: clusterSecretsKey, value }] }, ctx);
    raised = result.ok;
  }
}

function open(value: Uint8Array, sealingKey: SealingKey): ClusterSecrets {
  return JSON.parse(Buffer.from(unseal(sealingKey, clusterSecretsKey, value)).toString('utf8')) as ClusterSecrets;
}

async function makeSecrets(ctx: Context): Promise<ClusterSecrets> {
  // RSA runs in the thread pool while the certificates are made: it is the longest of the three.
  const [serviceAccountKey, authority, frontProxyAuthority] = await Promise.all([
    newServiceAccountKey(),
    issueAuthority('kubernest-ca', ctx),
    issueAuthority('kubernest-front-proxy-ca', ctx),
  ]);
  return { authority, frontProxyAuthority, serviceAccountKeys: [serviceAccountKey] };
}

/** RSA because RS256 is the one algorithm that every verifier of service account tokens knows. */
export async function newServiceAccountKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}
