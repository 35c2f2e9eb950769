import type { Placed } from './pod-containers.ts';
import type { PodSpec } from './pod-spec.types.ts';

type Annotations = Readonly<Record<string, string>>;

const unused = (field: string, since: string, instead: string): string =>
  `${field}: non-functional in ${since}; use the "${instead}" field instead`;

const bygone: readonly (readonly [key: string, since: string, instead: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'v1.16+', 'priorityClassName'],
  ['security.alpha.kubernetes.io/sysctls', 'v1.11+', 'sysctls'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'v1.11+', 'sysctls'],
];

/** Annotations of a pod that nobody reads any more. `path` is that of the annotations. */
export const warnOfBygoneAnnotations = (annotations: Annotations, path: string): string[] =>
  bygone.flatMap(([key, since, instead]) =>
    annotations[key] === undefined ? [] : [unused(`${path}[${key}]`, since, instead)],
  );

const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';

export const warnOfPodSeccomp = (annotations: Annotations, spec: PodSpec | undefined, path: string): string[] =>
  annotations[podSeccomp] !== undefined && !spec?.securityContext?.seccompProfile
    ? [unused(`${path}[${podSeccomp}]`, 'v1.27+', 'seccompProfile')]
    : [];

export function warnOfContainerSeccomp(annotations: Annotations, { container }: Placed, path: string): string[] {
  const key = `container.seccomp.security.alpha.kubernetes.io/${container.name}`;
  const isUsed = annotations[key] !== undefined && !container.securityContext?.seccompProfile;
  return isUsed ? [unused(`${path}[${key}]`, 'v1.27+', 'seccompProfile')] : [];
}
