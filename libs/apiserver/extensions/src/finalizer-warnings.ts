import type { KubeObject } from '@kubernest/meta';

const standard: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** What is told of finalizers that came and whose names others may have, too. compat: of custom objects no more than told. */
export function finalizerWarnings(object: KubeObject, old: KubeObject | undefined): readonly string[] {
  const before = new Set([...standard, ...(old?.metadata.finalizers ?? [])]);
  return [...new Set(object.metadata.finalizers)]
    .filter((finalizer) => !before.has(finalizer) && !finalizer.includes('/'))
    .sort()
    .map((finalizer) => {
      const how = finalizer.includes('.') ? ' including a path (/)' : '';
      return `metadata.finalizers: ${JSON.stringify(finalizer)}: prefer a domain-qualified finalizer name${how} to avoid accidental conflicts with other finalizer writers`;
    });
}
