import { type FieldError, fieldInvalid, fieldRequired, validateConfigKey, validateDns1123Label } from '@kubernest/meta';
import type { KeyToPath, Volume, VolumeProjection } from 'kubernetes-types/core/v1';
import { duplicates, exactlyOne, invalidFor, requiredForm } from '../../faults.ts';
import { stayBelow } from './container.validation.ts';

const sourceWords = { none: 'must specify a volume type', many: 'may not specify more than 1 volume type' };

export function validateVolumes(volumes: readonly Volume[], path: string): FieldError[] {
  return [
    ...volumes.flatMap((volume, i) => validateVolume(volume, `${path}[${i}]`)),
    ...duplicates(
      volumes,
      (volume) => volume.name,
      (i) => `${path}[${i}].name`,
    ),
  ];
}

function validateVolume(volume: Volume, path: string): FieldError[] {
  const { configMap, secret, downwardAPI, projected, hostPath, persistentVolumeClaim } = volume;
  const faults = requiredForm(`${path}.name`, volume.name, validateDns1123Label);
  const sources = Object.keys(volume).filter((field) => field !== 'name');
  faults.push(...exactlyOne(volume, sources, path, sourceWords));
  if (configMap) {
    if (!configMap.name) faults.push(fieldRequired(`${path}.configMap.name`));
    faults.push(...validateItems(configMap.items, configMap.defaultMode, `${path}.configMap`));
  }
  if (secret) {
    if (!secret.secretName) faults.push(fieldRequired(`${path}.secret.secretName`));
    faults.push(...validateItems(secret.items, secret.defaultMode, `${path}.secret`));
  }
  if (downwardAPI) faults.push(...validateDownward(downwardAPI, `${path}.downwardAPI`));
  if (projected) faults.push(...validateProjected(projected.sources ?? [], projected.defaultMode, `${path}.projected`));
  if (hostPath) faults.push(...validateHostPath(hostPath.path, `${path}.hostPath.path`));
  if (persistentVolumeClaim && !persistentVolumeClaim.claimName)
    faults.push(fieldRequired(`${path}.persistentVolumeClaim.claimName`));
  return faults;
}

function validateHostPath(path: string | undefined, field: string): FieldError[] {
  if (!path) return [fieldRequired(field)];
  return path.split('/').includes('..') ? [fieldInvalid(field, path, "must not contain '..'")] : [];
}

function validateMode(mode: number | undefined, field: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [fieldInvalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

function validateItems(items: readonly KeyToPath[] | undefined, mode: number | undefined, path: string): FieldError[] {
  return [
    ...validateMode(mode, `${path}.defaultMode`),
    ...(items ?? []).flatMap((item, i) => [
      ...requiredForm(`${path}.items[${i}].key`, item.key, validateConfigKey),
      ...validateFilePath(item.path, `${path}.items[${i}].path`),
      ...validateMode(item.mode, `${path}.items[${i}].mode`),
    ]),
  ];
}

const validateFilePath = (path: string | undefined, field: string): FieldError[] =>
  path ? stayBelow(path, field) : [fieldRequired(field)];

function validateDownward({ items = [], defaultMode }: NonNullable<Volume['downwardAPI']>, path: string): FieldError[] {
  const faults = validateMode(defaultMode, `${path}.defaultMode`);
  for (const [i, item] of items.entries()) {
    const here = `${path}.items[${i}]`;
    faults.push(...validateFilePath(item.path, `${here}.path`), ...validateMode(item.mode, `${here}.mode`));
    if (item.fieldRef && item.resourceFieldRef)
      faults.push(fieldInvalid(here, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    if (!item.fieldRef && !item.resourceFieldRef)
      faults.push(fieldRequired(here, 'one of fieldRef and resourceFieldRef is required'));
  }
  return faults;
}

const projections = [
  'secret',
  'configMap',
  'downwardAPI',
  'serviceAccountToken',
  'clusterTrustBundle',
  'podCertificate',
];
const projectionWords = { none: 'must specify a projection type', many: 'may not specify more than 1 volume type' };
const minimumTokenSeconds = 600;

function validateProjected(sources: readonly VolumeProjection[], mode: number | undefined, path: string): FieldError[] {
  const faults = validateMode(mode, `${path}.defaultMode`);
  for (const [i, source] of sources.entries()) {
    const here = `${path}.sources[${i}]`;
    const { configMap, secret, downwardAPI, serviceAccountToken: token } = source;
    faults.push(...exactlyOne(source, projections, here, projectionWords));
    if (configMap) faults.push(...namedItems(configMap, `${here}.configMap`));
    if (secret) faults.push(...namedItems(secret, `${here}.secret`));
    if (downwardAPI) faults.push(...validateDownward(downwardAPI, `${here}.downwardAPI`));
    if (token) faults.push(...validateToken(token, `${here}.serviceAccountToken`));
  }
  return faults;
}

function namedItems({ name, items }: { name?: string; items?: KeyToPath[] }, path: string): FieldError[] {
  return [...(name ? [] : [fieldRequired(`${path}.name`)]), ...validateItems(items, undefined, path)];
}

function validateToken(token: NonNullable<VolumeProjection['serviceAccountToken']>, path: string): FieldError[] {
  const seconds = token.expirationSeconds;
  const tooSoon = seconds !== undefined && seconds < minimumTokenSeconds;
  return [
    ...(tooSoon
      ? invalidFor(`${path}.expirationSeconds`, seconds, ['may not specify a duration less than 10 minutes'])
      : []),
    ...validateFilePath(token.path, `${path}.path`),
  ];
}
