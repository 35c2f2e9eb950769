import type { PodSpec } from '@kubernest/api-types/core/v1';
import type { Warn } from '@kubernest/definitions';
import type { Placed } from './pod-containers.ts';

type Annotations = Readonly<Record<string, string>>;

const unused = (field: string, since: string, instead: string): string =>
  `${field}: non-functional in ${since}; use the "${instead}" field instead`;

const bygone: readonly (readonly [key: string, since: string, instead: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'v1.16+', 'priorityClassName'],
  ['security.alpha.kubernetes.io/sysctls', 'v1.11+', 'sysctls'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'v1.11+', 'sysctls'],
];

/** Annotations of a pod that nobody reads any more. `path` is that of the annotations. */
export function warnOfBygoneAnnotations(annotations: Annotations, path: string, warn: Warn): void {
  for (const [key, since, instead] of bygone)
    if (annotations[key] !== undefined) warn(unused(`${path}[${key}]`, since, instead));
}

const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';

export function warnOfPodSeccomp(annotations: Annotations, spec: PodSpec | undefined, path: string, warn: Warn): void {
  if (annotations[podSeccomp] === undefined || spec?.securityContext?.seccompProfile) return;
  warn(unused(`${path}[${podSeccomp}]`, 'v1.27+', 'seccompProfile'));
}

export function warnOfContainerSeccomp(
  annotations: Annotations,
  { container }: Placed,
  path: string,
  warn: Warn,
): void {
  const key = `container.seccomp.security.alpha.kubernetes.io/${container.name}`;
  if (annotations[key] === undefined || container.securityContext?.seccompProfile) return;
  warn(unused(`${path}[${key}]`, 'v1.27+', 'seccompProfile'));
}
