import type { PodSpec } from '@kubernest/api-types/core/v1';
import { type FieldError, fieldForbidden, fieldInvalid } from '@kubernest/meta';
import { appArmorPrefix } from './app-armor.ts';
import { stayBelow } from './mount.validation.ts';
import { placedContainers } from './pod-containers.ts';

type Annotations = Readonly<Record<string, string>>;

/** A pod that a node runs by itself and only shows. */
export const mirrorAnnotation = 'kubernetes.io/config.mirror';

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const seccompOfPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompOfContainer = 'container.seccomp.security.alpha.kubernetes.io/';

/** Annotations that mean something to whoever runs or removes the pod. */
export function validatePodAnnotations(
  annotations: Annotations | undefined,
  spec: PodSpec | undefined,
  path: string,
): FieldError[] {
  const names = containerNames(spec);
  return Object.entries(annotations ?? {}).flatMap(([key, value]): FieldError[] => {
    const about = `${path}[${key}]`;
    if (key === mirrorAnnotation && !spec?.nodeName)
      return [fieldInvalid(about, value, 'must set spec.nodeName if mirror pod annotation is set')];
    if (key === deletionCost && !isInt32(value)) return [fieldInvalid(about, value, 'must be a 32bit integer')];
    if (key === seccompOfPod || key.startsWith(seccompOfContainer)) return validateSeccomp(value, `${path}.${key}`);
    return key.startsWith(appArmorPrefix) ? validateAppArmor(key, value, { names, about }) : [];
  });
}

/** Without a plus and without zeros in front, of which a minus may have some. */
const isInt32 = (text: string): boolean =>
  /^(0|-\d+|[1-9]\d*)$/.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;

function validateSeccomp(profile: string, path: string): FieldError[] {
  const local = 'localhost/';
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return [];
  if (profile.startsWith(local)) return stayBelow(profile.slice(local.length), path);
  return [fieldInvalid(path, profile, 'must be a valid seccomp profile')];
}

const containerNames = (spec: PodSpec | undefined): ReadonlySet<string> =>
  new Set(placedContainers(spec, '').map(({ container }) => container.name));

function validateAppArmor(
  key: string,
  profile: string,
  { names, about }: { readonly names: ReadonlySet<string>; readonly about: string },
): FieldError[] {
  const name = key.slice(appArmorPrefix.length);
  const faults = names.has(name) ? [] : [fieldInvalid(about, name, 'container not found')];
  if (['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith('localhost/')) return faults;
  return [...faults, fieldInvalid(about, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)];
}

/** Who a pod is run by and what confines it is said when it is made. */
const fixed: readonly { readonly what: string; of(key: string): boolean }[] = [
  { what: 'AppArmor annotations', of: (key) => key.startsWith(appArmorPrefix) },
  { what: 'mirror pod annotation', of: (key) => key === mirrorAnnotation },
];

/** What only the creator of a pod says, whichever way it is written to afterwards. */
export function validateAnnotationsStay(now: Annotations = {}, before: Annotations = {}, path: string): FieldError[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((key) => {
    const { what } = fixed.find(({ of }) => of(key)) ?? {};
    if (what === undefined || now[key] === before[key]) return [];
    const doing = Object.hasOwn(before, key) ? 'remove or update' : 'add';
    return [fieldForbidden(`${path}[${key}]`, `may not ${doing} ${what}`)];
  });
}
