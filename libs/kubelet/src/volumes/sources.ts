import { fieldValue, resourceValue } from '../pods/downward.ts';
import { containerOf } from '../pods/pod.ts';
import type { ConfigMap, DownwardAPIVolumeFile, KeyToPath, Secret } from '../types.ts';
import { checkRelativePath, type Payload } from './payload.ts';
import type { VolumeContext } from './volume.ts';

interface Selected {
  /** `configmap "x"`, as messages name it. */
  readonly what: string;
  readonly items: readonly KeyToPath[] | undefined;
  readonly optional: boolean | undefined;
  readonly defaultMode: number;
}

/** The files that a ConfigMap or Secret makes; throws when it or one of its keys is missing and not optional. */
export function objectFiles(data: ReadonlyMap<string, Buffer> | undefined, selected: Selected): Payload {
  const payload: Payload = new Map();
  if (!data) {
    if (selected.optional) return payload;
    throw new Error(`${selected.what} not found`);
  }
  if (!selected.items?.length) {
    for (const [key, value] of data) payload.set(key, { data: value, mode: selected.defaultMode });
    return payload;
  }
  for (const item of selected.items) {
    const value = data.get(item.key);
    if (value) payload.set(checkRelativePath(item.path), { data: value, mode: item.mode ?? selected.defaultMode });
    else if (!selected.optional)
      throw new Error(
        `references non-existent ${selected.what.startsWith('secret') ? 'secret' : 'config'} key: ${item.key}`,
      );
  }
  return payload;
}

export function configMapData(map: ConfigMap | undefined): ReadonlyMap<string, Buffer> | undefined {
  if (!map) return undefined;
  const text = Object.entries(map.data ?? {}).map(([k, v]) => [k, Buffer.from(v)] as const);
  const binary = Object.entries(map.binaryData ?? {}).map(([k, v]) => [k, Buffer.from(v, 'base64')] as const);
  return new Map([...text, ...binary]);
}

export function secretData(secret: Secret | undefined): ReadonlyMap<string, Buffer> | undefined {
  return secret && new Map(Object.entries(secret.data ?? {}).map(([k, v]) => [k, Buffer.from(v, 'base64')]));
}

export function downwardFiles(
  items: readonly DownwardAPIVolumeFile[] | undefined,
  defaultMode: number,
  volumes: VolumeContext,
): Payload {
  const payload: Payload = new Map();
  // Many files may tell the same, such as all annotations.
  const told = new Map<string, Buffer>();
  for (const item of items ?? []) {
    const value = item.fieldRef ? fieldValue(item.fieldRef, volumes.facts) : resourceOf(item, volumes);
    const data = told.get(value) ?? Buffer.from(value);
    told.set(value, data);
    payload.set(checkRelativePath(item.path), { data, mode: item.mode ?? defaultMode });
  }
  return payload;
}

function resourceOf(item: DownwardAPIVolumeFile, volumes: VolumeContext): string {
  const ref = item.resourceFieldRef;
  const entry = containerOf(volumes.facts.pod, ref?.containerName);
  if (!ref || !entry) throw new Error(`container "${ref?.containerName}" of file ${item.path} not found`);
  return resourceValue(ref, entry.container, volumes.facts);
}
