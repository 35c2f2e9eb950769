import type { KubeObject } from '@kubernest/meta';

const removed = '[removed]';

/** An object as a stranger may read it: no values of Secrets, ConfigMaps and environment variables, and no copies of them in annotations. */
export function stripObject(object: KubeObject, kind: string): unknown {
  const { metadata, ...rest } = object;
  const { managedFields: _, annotations, ...named } = metadata;
  const values = Object.entries(annotations ?? {}).map(([name, value]) => [
    name,
    name === 'kubectl.kubernetes.io/last-applied-configuration' ? removed : value,
  ]);
  const stripped = {
    ...rest,
    metadata: { ...named, ...(annotations ? { annotations: Object.fromEntries(values) } : {}) },
  };
  return kind === 'secrets' || kind === 'configmaps' ? withoutData(stripped) : withoutEnvironment(stripped);
}

function withoutData(object: object): unknown {
  const isData = (name: string): boolean => ['data', 'stringData', 'binaryData'].includes(name);
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, isData(name) ? keysOf(value as object | undefined) : value]),
  );
}

const keysOf = (data: object | undefined): object =>
  Object.fromEntries(Object.keys(data ?? {}).map((key) => [key, removed]));

/** Wherever a pod's template lies in it. */
function withoutEnvironment(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEnvironment);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'env' && Array.isArray(inner) ? inner.map(withoutValue) : withoutEnvironment(inner),
    ]),
  );
}

const withoutValue = (variable: object): object => ('value' in variable ? { ...variable, value: removed } : variable);
