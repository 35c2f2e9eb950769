import { collectWarnings, type ValidationContext, type Warn } from '@kubernest/definitions';
import { type KubeObject, validateDns1123Label } from '@kubernest/meta';
import type { Pod } from '../../types.ts';
import { warnOfIp } from '../types/address.warnings.ts';
import { appArmorKey, appArmorWarning, bygoneProfiles } from '../types/app-armor.ts';
import { type PodLike, warnOfPod as warnOfSpec } from '../types/pod-spec.warnings.ts';

/** compat: people do not change pods themselves, so a change is told nothing but of its status' addresses. */
export function warnOfPod(pod: Pod, { subresource, old }: ValidationContext): string[] {
  if (subresource === 'status') return collectWarnings((warn) => warnOfStatus(pod, warn));
  if (old) return [];
  return collectWarnings((warn) => {
    warnOfName(pod, warn);
    warnOfSpec(pod as PodLike, warn);
  });
}

function warnOfName({ metadata }: Pod, warn: Warn): void {
  const faults = validateDns1123Label(metadata.name ?? '');
  if (faults.length === 0) return;
  const why = "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
  warn(`metadata.name: ${why}: [${faults.join(' ')}]`);
}

/** Before the annotations become fields. */
export function warnOfAppArmor(draft: KubeObject): string[] {
  const pod = draft as Pod;
  if (pod.spec?.os?.name === 'windows') return [];
  return bygoneProfiles(pod)
    .filter(({ profile, isNews }) => !profile || isNews)
    .map(({ container }) => appArmorWarning(appArmorKey(container), 'metadata.annotations'));
}

function warnOfStatus({ status }: Pod, warn: Warn): void {
  for (const [i, { ip = '' }] of (status?.podIPs ?? []).entries()) warnOfIp(ip, `status.podIPs[${i}].ip`, warn);
  for (const [i, { ip = '' }] of (status?.hostIPs ?? []).entries()) warnOfIp(ip, `status.hostIPs[${i}].ip`, warn);
}
