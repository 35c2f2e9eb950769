import type {
  CSIVolumeSource,
  EphemeralVolumeSource,
  FCVolumeSource,
  GitRepoVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
} from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, oneOf } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, fieldRequired, fieldTooLong, validateDns1123Subdomain } from '@kubernest/meta';
import { stayBelow } from './mount.validation.ts';

type Source = Readonly<Record<string, unknown>>;

const isMissing = (value: unknown): boolean => !value || (Array.isArray(value) && value.length === 0);

/** Fields that must be said, and nothing more. */
const needs =
  (...fields: readonly string[]) =>
  (source: Source, path: string): FieldError[] =>
    fields.filter((field) => isMissing(source[field])).map((field) => fieldRequired(`${path}.${field}`));

/** Sources that other systems serve, in Kubernetes' order. */
export const sourceRules = {
  gitRepo: (source: GitRepoVolumeSource, path: string) => [
    ...needs('repository')(source as never, path),
    ...stayBelow(source.directory, `${path}.directory`),
  ],
  gcePersistentDisk: needs('pdName'),
  awsElasticBlockStore: needs('volumeID'),
  nfs: validateNfs,
  iscsi: validateIscsi,
  glusterfs: needs('endpoints', 'path'),
  persistentVolumeClaim: needs('claimName'),
  rbd: needs('monitors', 'image'),
  flexVolume: needs('driver'),
  cinder: needs('volumeID'),
  cephfs: needs('monitors'),
  flocker: (source: Source, path: string) =>
    source.datasetName || source.datasetUUID
      ? []
      : [fieldRequired(path, 'one of datasetName and datasetUUID is required')],
  fc: validateFibreChannel,
  azureFile: needs('secretName', 'shareName'),
  vsphereVolume: needs('volumePath'),
  quobyte: needs('registry', 'volume'),
  azureDisk: needs('diskName', 'diskURI'),
  storageos: needs('volumeName'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  scaleIO: needs('gateway', 'system', 'volumeName'),
  csi: validateCsi,
  ephemeral: validateEphemeral,
  image: (source: Source, path: string, isTemplate: boolean) => [
    ...(isTemplate ? [] : needs('reference')(source, path)),
    ...oneOf(`${path}.pullPolicy`, source.pullPolicy as string, ['Always', 'IfNotPresent', 'Never']),
  ],
};

function validateNfs(source: NFSVolumeSource, path: string): FieldError[] {
  const { path: file = '' } = source;
  const faults = needs('server', 'path')(source as never, path);
  if (!file.startsWith('/')) faults.push(fieldInvalid(`${path}.path`, file, 'must be an absolute path'));
  return faults;
}

const logicalUnit = (lun: number | undefined, field: string): FieldError[] =>
  lun !== undefined && (lun < 0 || lun > 255) ? [fieldInvalid(field, lun, 'must be between 0 and 255, inclusive')] : [];

const qualifiedNames = [
  /^iqn\.\d{4}-\d{2}\.([a-z0-9-.]+)(:([^,;*&$|\s]+))$/i,
  /^eui.[0-9a-f]{16}$/i,
  /^naa.[0-9a-f]{32}$/i,
];

function validateIscsi(source: ISCSIVolumeSource, path: string): FieldError[] {
  const { iqn, lun, chapAuthDiscovery, chapAuthSession, secretRef } = source;
  const faults = needs('targetPortal', 'iqn')(source as never, path);
  if (iqn && !/^(iqn|eui|naa)/.test(iqn))
    faults.push(fieldInvalid(`${path}.iqn`, iqn, 'must be valid format starting with iqn, eui, or naa'));
  else if (iqn && !qualifiedNames.some((form) => form.test(iqn)))
    faults.push(fieldInvalid(`${path}.iqn`, iqn, 'must be valid format'));
  faults.push(...logicalUnit(lun, `${path}.lun`));
  if ((chapAuthDiscovery || chapAuthSession) && !secretRef) faults.push(fieldRequired(`${path}.secretRef`));
  return faults;
}

function validateFibreChannel({ targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: string): FieldError[] {
  const field = `${path}.targetWWNs`;
  if (targetWWNs.length + wwids.length === 0)
    return [fieldRequired(field, 'must specify either targetWWNs or wwids, but not both')];
  if (targetWWNs.length === 0) return [];
  const faults = wwids.length
    ? [fieldInvalid(field, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously')]
    : [];
  if (lun === undefined) return [...faults, fieldRequired(`${path}.lun`, 'lun is required if targetWWNs is specified')];
  return [...faults, ...logicalUnit(lun, `${path}.lun`)];
}

const longestDriver = 63;

function validateCsi({ driver, nodePublishSecretRef: secret }: CSIVolumeSource, path: string): FieldError[] {
  const faults: FieldError[] = driver ? [] : [fieldRequired(`${path}.driver`)];
  if (driver) {
    if (driver.length > longestDriver) faults.push(fieldTooLong(`${path}.driver`, longestDriver));
    faults.push(...invalidFor(`${path}.driver`, driver, validateDns1123Subdomain(driver.toLowerCase())));
  }
  if (!secret) return faults;
  if (!secret.name) return [...faults, fieldRequired(`${path}.nodePublishSecretRef.name`)];
  // compat: the field is named without its owner.
  return [...faults, ...invalidFor(`${path}.name`, secret.name, validateDns1123Subdomain(secret.name))];
}

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

function validateEphemeral({ volumeClaimTemplate: template }: EphemeralVolumeSource, path: string): FieldError[] {
  if (!template) return [fieldRequired(`${path}.volumeClaimTemplate`)];
  const here = `${path}.volumeClaimTemplate.spec`;
  const modes = template.spec?.accessModes ?? [];
  const faults = faultsOfEach(modes, (mode) => oneOf(`${here}.accessModes`, mode, accessModes));
  if (modes.length === 0) faults.push(fieldRequired(`${here}.accessModes`, 'at least 1 access mode is required'));
  if (template.spec?.resources?.requests?.storage === undefined)
    faults.push(fieldRequired(`${here}.resources[storage]`));
  return faults;
}
