import type { PolicyRule } from '@kubernest/apiserver/engine';

/** Writes a rule in one line: `rule('get list', 'apps', 'deployments replicasets')`. Groups `''` and `*` are written so. */
export function rule(verbs: string, groups: string, resources: string, names?: readonly string[]): PolicyRule {
  return {
    verbs: verbs.split(' '),
    apiGroups: groups.split(' '),
    resources: resources.split(' '),
    ...(names ? { resourceNames: names } : {}),
  };
}

export function urls(verbs: string, paths: string): PolicyRule {
  return { verbs: verbs.split(' '), nonResourceURLs: paths.split(' ') };
}

export const read = 'get list watch';
export const write = 'create delete deletecollection patch update';
export const readWrite = `${read} ${write}`;

/** Everyone who reports events may use either group: clients and servers differ in which they speak. */
export const events: readonly PolicyRule[] = [
  rule('create patch update', '', 'events'),
  rule('create patch update', 'events.k8s.io', 'events'),
];
