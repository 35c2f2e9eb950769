import type { Container, PodSpec } from '@kubernest/api-types/core/v1';
import { placedContainers } from './pod-containers.ts';

export interface AppArmorProfile {
  readonly type: 'Localhost' | 'RuntimeDefault' | 'Unconfined';
  readonly localhostProfile?: string;
}

/** What a pod's profiles are told through where no field tells them. */
export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const localhost = 'localhost/';
const longestProfile = 4095;

export const appArmorKey = (container: Container): string => appArmorPrefix + container.name;

export const appArmorWarning = (key: string, path: string): string =>
  `${path}[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`;

/** Undefined for an annotation that says nothing known. */
function profileOfAnnotation(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const localhostProfile = annotation.startsWith(localhost) ? annotation.slice(localhost.length) : '';
  return localhostProfile ? { type: 'Localhost', localhostProfile } : undefined;
}

/** One that validation would let pass. */
const isSound = ({ localhostProfile: file = '' }: AppArmorProfile): boolean =>
  file.trim() === file && Buffer.byteLength(file) <= longestProfile;

const sameProfile = (a: AppArmorProfile | undefined, b: AppArmorProfile | undefined): boolean =>
  a?.type === b?.type && a?.localhostProfile === b?.localhostProfile;

const profileIn = (context: object | undefined): AppArmorProfile | undefined =>
  (context as { readonly appArmorProfile?: AppArmorProfile } | undefined)?.appArmorProfile;

export interface BygoneProfile {
  readonly container: Container;
  /** What the annotation says; undefined when nothing that would be let pass. */
  readonly profile: AppArmorProfile | undefined;
  /** It says something else than the pod's own field. */
  readonly isNews: boolean;
}

interface Annotated {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: object;
}

/** Of the containers that have an annotation and no field of their own. */
export function bygoneProfiles({ metadata, spec }: Annotated): BygoneProfile[] {
  const annotations = metadata?.annotations ?? {};
  if (!Object.keys(annotations).some((key) => key.startsWith(appArmorPrefix))) return [];
  const pod = spec as PodSpec | undefined;
  const ofPod = profileIn(pod?.securityContext);
  return placedContainers(pod, '').flatMap(({ container }) => {
    const annotation = annotations[appArmorKey(container)];
    if (annotation === undefined || profileIn(container.securityContext)) return [];
    const said = profileOfAnnotation(annotation);
    const profile = said && isSound(said) ? said : undefined;
    return [{ container, profile, isNews: !ofPod || !sameProfile(ofPod, said) }];
  });
}

/** compat: what the annotations say stands in the fields as well, from the first on. */
export function takeBygoneProfiles(pod: Annotated & { readonly spec?: { readonly os?: { readonly name?: string } } }) {
  if (pod.spec?.os?.name === 'windows') return;
  for (const { container, profile, isNews } of bygoneProfiles(pod)) {
    if (!profile || !isNews) continue;
    const draft = container as { securityContext?: object };
    draft.securityContext = { ...draft.securityContext, appArmorProfile: profile };
  }
}
