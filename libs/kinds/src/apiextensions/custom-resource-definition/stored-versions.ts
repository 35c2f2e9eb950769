import type { KubeObject } from '@kubernest/meta';

interface Draft {
  spec?: { versions?: readonly { readonly name?: string; readonly storage?: boolean }[] };
  status?: { storedVersions?: string[] };
}

/** From now on objects may lie in the version that is the storage version now; it stands there until somebody has moved them all. */
export function addStoredVersion(draft: KubeObject): void {
  const crd = draft as Draft;
  const name = crd.spec?.versions?.find(({ storage }) => storage)?.name;
  if (!name) return;
  crd.status ??= {};
  crd.status.storedVersions ??= [];
  if (!crd.status.storedVersions.includes(name)) crd.status.storedVersions.push(name);
}
