import type { Container, Volume, VolumeMount } from '@kubernest/api-types/core/v1';
import { faultsOfEach, oneOf } from '@kubernest/definitions';
import { type FieldError, fieldForbidden, fieldInvalid, fieldNotFound, fieldRequired } from '@kubernest/meta';

/** The pod's volumes that are sound themselves, by name. */
export type Volumes = ReadonlyMap<string, Volume>;

export function validateMounts(container: Container, volumes: Volumes, path: string): FieldError[] {
  const list = `${path}.volumeMounts`;
  const devices = container.volumeDevices ?? [];
  const deviceNames = new Set(devices.map((device) => device.name));
  const devicePaths = new Set(devices.map((device) => device.devicePath));
  const places = new Set<string>();
  return faultsOfEach(container.volumeMounts ?? [], (mount, i) => {
    const { name = '', mountPath = '', subPath, subPathExpr } = mount;
    const here = `${list}[${i}]`;
    const faults = name ? [] : [fieldRequired(`${here}.name`)];
    if (!volumes.has(name)) faults.push(fieldNotFound(`${here}.name`, name));
    if (!mountPath) faults.push(fieldRequired(`${here}.mountPath`));
    if (places.has(mountPath)) faults.push(fieldInvalid(`${here}.mountPath`, mountPath, 'must be unique'));
    places.add(mountPath);
    if (deviceNames.has(name))
      faults.push(fieldInvalid(`${here}.name`, name, 'must not already exist in volumeDevices'));
    if (devicePaths.has(mountPath))
      faults.push(fieldInvalid(`${here}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    // compat: what follows is said of the list, not of its entry, but for one.
    faults.push(...stayBelow(subPath, `${list}.subPath`));
    if (subPath && subPathExpr)
      faults.push(fieldInvalid(`${here}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
    return [...faults, ...stayBelow(subPathExpr, `${list}.subPathExpr`), ...validateSpread(mount, container, list)];
  });
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];

/** How mounts within the mount are seen on either side. */
function validateSpread(mount: VolumeMount, container: Container, list: string): FieldError[] {
  const { mountPropagation: propagation, recursiveReadOnly: recursive, readOnly } = mount;
  const faults = propagation === undefined ? [] : oneOf(`${list}.mountPropagation`, propagation, propagations);
  if (propagation === 'Bidirectional' && !container.securityContext?.privileged) {
    const why = 'Bidirectional mount propagation is available only to privileged containers';
    faults.push(fieldForbidden(`${list}.mountPropagation`, why));
  }
  if (recursive === undefined || recursive === 'Disabled') return faults;
  const field = `${list}.recursiveReadOnly`;
  if (recursive !== 'Enabled' && recursive !== 'IfPossible')
    return [...faults, ...oneOf(field, recursive, ['Disabled', 'Enabled', 'IfPossible'])];
  if (!readOnly) faults.push(fieldForbidden(field, 'may only be specified when readOnly is true'));
  if (propagation !== undefined && propagation !== 'None')
    faults.push(fieldForbidden(field, 'may only be specified when mountPropagation is None or not specified'));
  return faults;
}

export function validateDevices(container: Container, volumes: Volumes, path: string): FieldError[] {
  const { volumeDevices = [] } = container;
  if (volumeDevices.length === 0) return [];
  const names = new Set<string>();
  const paths = new Set<string>();
  const mounts = container.volumeMounts ?? [];
  const mountNames = new Set(mounts.map((mount) => mount.name));
  const mountPaths = new Set(mounts.map((mount) => mount.mountPath));
  return faultsOfEach(volumeDevices, ({ name = '', devicePath = '' }, i) => {
    const here = `${path}.volumeDevices[${i}]`;
    const faults: FieldError[] = [];
    const about = (field: 'name' | 'devicePath', why: string) =>
      faults.push(fieldInvalid(`${here}.${field}`, field === 'name' ? name : devicePath, why));
    const volume = volumes.get(name);
    if (!name) faults.push(fieldRequired(`${here}.name`));
    if (names.has(name)) about('name', 'must be unique');
    if (!volume) faults.push(fieldNotFound(`${here}.name`, name));
    else if (!volume.persistentVolumeClaim && !volume.ephemeral)
      about('name', 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode');
    if (!devicePath) faults.push(fieldRequired(`${here}.devicePath`));
    if (paths.has(devicePath)) about('devicePath', 'must be unique');
    if (devicePath.split('/').includes('..')) about('devicePath', "can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (mountNames.has(name)) about('name', 'must not already exist in volumeMounts');
    if (mountPaths.has(devicePath)) about('devicePath', 'must not already exist as a path in volumeMounts');
    if (name) names.add(name);
    return faults;
  });
}

/** A path that cannot leave where it starts. */
export function stayBelow(path: string | undefined, field: string): FieldError[] {
  if (!path) return [];
  const faults: FieldError[] = [];
  if (path.startsWith('/')) faults.push(fieldInvalid(field, path, 'must be a relative path'));
  if (path.split('/').includes('..')) faults.push(fieldInvalid(field, path, "must not contain '..'"));
  return faults;
}
