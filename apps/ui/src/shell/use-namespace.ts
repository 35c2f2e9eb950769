import { useHash } from '@mantine/hooks';

/** The chosen namespace lives in the fragment (`#/overview/NAMESPACE`), which no proxy on the way sees. */
export function useNamespace(): readonly [string, (namespace: string) => void] {
  const [hash, setHash] = useHash();
  const namespace = /^#\/overview\/([a-z0-9-]+)$/.exec(hash)?.[1] ?? '';
  return [namespace, (next) => setHash(next === '' ? '#/overview' : `#/overview/${next}`)];
}
