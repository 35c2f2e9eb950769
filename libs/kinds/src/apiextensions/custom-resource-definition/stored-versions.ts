import type { KubeObject } from '@kubernest/meta';

interface Draft {
  spec?: { versions?: readonly { readonly name?: string; readonly storage?: boolean }[] };
  status?: { readonly storedVersions?: readonly string[] };
}

/** From now on objects may lie in the version that is the storage version now; it stands there until somebody has moved them all. */
export function addStoredVersion(draft: KubeObject): void {
  const crd = draft as Draft;
  const storage = crd.spec?.versions?.find((version) => version.storage);
  const stored = crd.status?.storedVersions ?? [];
  const name = storage?.name ?? '';
  if (storage && !stored.includes(name)) crd.status = { ...crd.status, storedVersions: [...stored, name] };
}
