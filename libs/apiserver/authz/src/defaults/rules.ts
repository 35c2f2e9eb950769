import type { PolicyRule } from '@kubernest/apiserver/contract';

/** Writes a rule in one line: `rule('get list', 'apps', 'deployments replicasets')`. Groups `''` and `*` are written so. Sorted as Kubernetes sorts its own. */
export function rule(verbs: string, groups: string, resources: string, names?: readonly string[]): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: words(groups),
    resources: words(resources),
    ...(names ? { resourceNames: names } : {}),
  };
}

export function urls(verbs: string, paths: string): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(paths) };
}

const words = (text: string): string[] => text.split(' ').sort();

export const read = 'get list watch';
export const write = 'create delete deletecollection patch update';
export const readWrite = `${read} ${write}`;

/** Everyone who reports events may use either group: clients and servers differ in which they speak. */
export const events: readonly PolicyRule[] = [rule('create patch update', ' events.k8s.io', 'events')];
