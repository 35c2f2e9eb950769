import { type KubeObject, validateDns1123Label } from '@kubernest/meta';
import type { ValidationContext } from '../../definition.ts';
import type { Pod } from '../../types.ts';
import { warnOfIp } from '../types/address.warnings.ts';
import { appArmorKey, appArmorWarning, bygoneProfiles } from '../types/app-armor.ts';
import { type PodLike, warnOfPod as warnOfSpec } from '../types/pod-spec.warnings.ts';

/** compat: people do not change pods themselves, so a change is told nothing but of its status' addresses. */
export function warnOfPod(pod: Pod, { subresource, old }: ValidationContext): string[] {
  if (subresource === 'status') return warnOfStatus(pod);
  return old ? [] : [...warnOfName(pod), ...warnOfSpec(pod as PodLike)];
}

function warnOfName({ metadata }: Pod): string[] {
  const faults = validateDns1123Label(metadata.name ?? '');
  if (faults.length === 0) return [];
  const why = "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
  return [`metadata.name: ${why}: [${faults.join(' ')}]`];
}

/** Before the annotations become fields. */
export function warnOfAppArmor(draft: KubeObject): string[] {
  const pod = draft as Pod;
  if (pod.spec?.os?.name === 'windows') return [];
  return bygoneProfiles(pod)
    .filter(({ profile, isNews }) => !profile || isNews)
    .map(({ container }) => appArmorWarning(appArmorKey(container), 'metadata.annotations'));
}

const warnOfStatus = ({ status }: Pod): string[] => [
  ...(status?.podIPs ?? []).flatMap(({ ip = '' }, i) => warnOfIp(ip, `status.podIPs[${i}].ip`)),
  ...(status?.hostIPs ?? []).flatMap(({ ip = '' }, i) => warnOfIp(ip, `status.hostIPs[${i}].ip`)),
];
