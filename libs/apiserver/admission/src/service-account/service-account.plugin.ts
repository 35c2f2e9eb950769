import { randomBytes } from 'node:crypto';
import type { Pod, ServiceAccount } from '@kubernest/api-types/core/v1';
import { referencesOf } from '@kubernest/apiserver/authz';
import { type AdmissionPlugin, subjectOf } from '@kubernest/apiserver/contract';
import { forbidden } from '@kubernest/meta';
import { isMirrorPod, type PodDraft, type PodSpecDraft } from '../pods.ts';
import { secretFault } from './mountable-secrets.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
/** One hour and seven seconds: the odd number by which the API server knows tokens that it may stretch. */
export const mountedTokenSeconds = 3607;

/** Gives a pod its account, the account's pull secrets, and a token in every container. */
export const serviceAccount: AdmissionPlugin = {
  name: 'service-account',
  sees: { resources: ['pods'], on: ['create'] },
  async mutate(call, read, ctx) {
    const pod = call.object as PodDraft;
    const spec = pod.spec;
    const refuse = (why: string) => forbidden(subjectOf(call), why);
    if (!spec) return false;
    if (isMirrorPod(pod)) {
      const fault = mirrorFault(pod);
      if (fault) throw refuse(fault);
      return false;
    }
    spec.serviceAccountName ||= spec.serviceAccount || 'default';
    const ref = { group: '', resource: 'serviceaccounts' };
    const key = `${call.info.namespace}/${spec.serviceAccountName}`;
    const account = read.get<ServiceAccount>(ref, key) ?? (await read.fetch<ServiceAccount>(ref, key, ctx));
    if (!account) {
      throw refuse(`error looking up service account ${key}: serviceaccount "${spec.serviceAccountName}" not found`);
    }
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(spec);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = account.imagePullSecrets.map((secret) => ({ ...secret }));
    }
    const fault = secretFault(pod, account);
    if (fault) throw refuse(fault);
    return true;
  },
};

function mirrorFault(pod: PodDraft): string | undefined {
  if (pod.spec.serviceAccountName) return 'a mirror pod may not reference service accounts';
  const references = referencesOf(pod as unknown as Pod);
  if (references.some((each) => each.startsWith('secrets:'))) return 'a mirror pod may not reference secrets';
  const usesToken = pod.spec.volumes?.some((volume) =>
    (volume as ProjectedVolume).projected?.sources?.some((source) => source.serviceAccountToken),
  );
  return usesToken ? 'a mirror pod may not use ServiceAccountToken volume projections' : undefined;
}

interface ProjectedVolume {
  readonly projected?: { readonly sources?: readonly { readonly serviceAccountToken?: object }[] };
}

function mountToken(spec: PodSpecDraft): void {
  const lacking = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter(
    (container) => !container.volumeMounts?.some((mount) => mount.mountPath === mountPath),
  );
  if (lacking.length === 0) return;
  const present = spec.volumes?.find((volume) => volume.name.startsWith(volumePrefix) && volume['projected']);
  const volume = present ?? { name: volumePrefix + suffix(), projected: tokenProjection() };
  if (!present) spec.volumes = [...(spec.volumes ?? []), volume];
  for (const container of lacking) {
    container.volumeMounts = [...(container.volumeMounts ?? []), { name: volume.name, mountPath, readOnly: true }];
  }
}

function tokenProjection(): unknown {
  const fieldRef = { apiVersion: 'v1', fieldPath: 'metadata.namespace' };
  return {
    defaultMode: 0o644,
    sources: [
      { serviceAccountToken: { expirationSeconds: mountedTokenSeconds, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef }] } },
    ],
  };
}

/** Five letters and digits without those that make words or look alike. */
function suffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return [...randomBytes(5)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
