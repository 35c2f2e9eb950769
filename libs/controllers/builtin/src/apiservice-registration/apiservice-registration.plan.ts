import type { APIService, SentDefinition } from '@kubernest/kinds';
import { deepEqual } from '@kubernest/meta';
import { builtinPriorities, customPriority } from './group-priorities.ts';

export const AUTOMANAGED = 'kube-aggregator.kubernetes.io/automanaged';

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export const nameOf = ({ group, version }: GroupVersion): string => `${version}.${group}`;

function groupVersionOf(name: string): GroupVersion {
  const dot = name.indexOf('.');
  return { version: name.slice(0, dot), group: name.slice(dot + 1) };
}

/** The APIService of what this server serves itself; undefined where it serves no such group-version. */
export function localService(
  name: string,
  served: { readonly builtin: ReadonlySet<string>; readonly isCustom: boolean },
): APIService | undefined {
  const groupVersion = groupVersionOf(name);
  const priority = builtinPriorities.get(name);
  if (priority && served.builtin.has(name)) return serviceOf({ ...groupVersion, ...priority }, 'onstart');
  return served.isCustom ? serviceOf({ ...groupVersion, ...customPriority }, 'true') : undefined;
}

function serviceOf(
  { group, ...spec }: NonNullable<APIService['spec']> & GroupVersion,
  automanaged: string,
): APIService {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: nameOf({ ...spec, group }), labels: { [AUTOMANAGED]: automanaged } },
    // As it is handed out: a group without a name is not written.
    spec: { ...(group && { group }), ...spec },
  };
}

/** compat: also before its names are accepted. */
export const servedNames = ({ spec }: SentDefinition): readonly string[] =>
  (spec?.versions ?? [])
    .filter(({ served }) => served)
    .map(({ name = '' }) => nameOf({ group: spec?.group ?? '', version: name }));

/** Of versions that are served no more as well. */
export const namesOf = ({ spec }: SentDefinition): readonly string[] =>
  (spec?.versions ?? []).map(({ name = '' }) => nameOf({ group: spec?.group ?? '', version: name }));

export interface Registration {
  readonly wanted: APIService | undefined;
  readonly current: APIService | undefined;
  /** It was looked at since this server started, without a failure. */
  readonly wasSynced: boolean;
  /** It was there when this server started. */
  readonly wasAtStart: boolean;
}

const managed = (service: APIService | undefined): string => service?.metadata.labels?.[AUTOMANAGED] ?? '';

/**
 * compat: Kubernetes' table. What is built in is made or put right once in a server's life, so that who wants to may replace it; what custom
 * resources need is kept. An object without the label, or with another word in it, is somebody's own.
 */
export function planRegistration({
  wanted,
  current,
  wasSynced,
  wasAtStart,
}: Registration): 'nothing' | 'create' | 'update' | 'delete' {
  if (managed(wanted) === 'onstart' && wasSynced) return 'nothing';
  if (!current) return wanted ? 'create' : 'nothing';
  if (!['onstart', 'true'].includes(managed(current))) return 'nothing';
  if (managed(current) === 'onstart' && (!wasAtStart || wasSynced)) return 'nothing';
  if (!wanted) return 'delete';
  return deepEqual(current.spec as never, wanted.spec as never) ? 'nothing' : 'update';
}
