import type { Volume } from '@kubernest/api-types/core/v1';
import { exactlyOne, faultsOfEach, oneOf, requiredForm } from '@kubernest/definitions';
import {
  append,
  compareQuantities,
  type FieldError,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  validateDns1123Label,
} from '@kubernest/meta';
import type { Volumes } from './mount.validation.ts';
import { validateProjected } from './projected-volume.validation.ts';
import { validateDownwardFile, validateItems, validateMode } from './volume-file.validation.ts';
import { sourceRules } from './volume-source.validation.ts';

const sourceWords = { none: 'must specify a volume type', many: 'may not specify more than 1 volume type' };

/** Faults of all volumes, and those that have none: mounts may refer only to these. */
export function validateVolumes(
  volumes: readonly Volume[],
  path: string,
  isTemplate: boolean,
): { readonly faults: FieldError[]; readonly sound: Volumes } {
  const sound = new Map<string, Volume>();
  const faults = faultsOfEach(volumes, (volume, i) => {
    const here = `${path}[${i}]`;
    const own = [
      ...validateSource(volume, here, isTemplate),
      ...requiredForm(`${here}.name`, volume.name, validateDns1123Label),
    ];
    if (sound.has(volume.name)) own.push(fieldDuplicate(`${here}.name`, volume.name));
    if (own.length === 0) sound.set(volume.name, volume);
    return own;
  });
  return { faults, sound };
}

type Rule = (source: never, path: string, isTemplate: boolean) => FieldError[];

/** In this order: of several sources only the first is looked at. */
const rules: Readonly<Record<string, Rule>> = {
  emptyDir: ({ sizeLimit }: NonNullable<Volume['emptyDir']>, path) =>
    sizeLimit !== undefined && compareQuantities(sizeLimit, 0) < 0
      ? [fieldForbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
      : [],
  hostPath: validateHostPath,
  secret: ({ secretName, items, defaultMode }: NonNullable<Volume['secret']>, path) => [
    ...(secretName ? [] : [fieldRequired(`${path}.secretName`)]),
    ...validateMode(defaultMode, `${path}.defaultMode`),
    ...validateItems(items, `${path}.items`),
  ],
  configMap: ({ name, items, defaultMode }: NonNullable<Volume['configMap']>, path) => [
    ...(name ? [] : [fieldRequired(`${path}.name`)]),
    ...validateMode(defaultMode, `${path}.defaultMode`),
    ...validateItems(items, `${path}.items`),
  ],
  downwardAPI: ({ items = [], defaultMode }: NonNullable<Volume['downwardAPI']>, path) => [
    ...validateMode(defaultMode, `${path}.defaultMode`),
    // compat: faults of a file are said of the volume.
    ...items.flatMap((file) => validateDownwardFile(file, path)),
  ],
  projected: ({ sources = [], defaultMode }: NonNullable<Volume['projected']>, path) => [
    ...validateMode(defaultMode, `${path}.defaultMode`),
    ...validateProjected(sources, path),
  ],
  ...sourceRules,
};

const places = new Map(Object.keys(rules).map((name, place) => [name, place]));

/** By what it has: a volume has few fields, and there are some thirty sources. */
const sourcesOf = (volume: Volume): string[] =>
  Object.keys(volume)
    .filter((field) => places.has(field) && volume[field as keyof Volume] !== undefined)
    .sort((a, b) => places.get(a)! - places.get(b)!);

function validateSource(volume: Volume, path: string, isTemplate: boolean): FieldError[] {
  const sources = sourcesOf(volume);
  const faults = exactlyOne(volume, sources, path, sourceWords);
  const [name] = sources;
  if (name) append(faults, rules[name]!(volume[name as keyof Volume] as never, `${path}.${name}`, isTemplate));
  return faults;
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function validateHostPath({ path, type }: NonNullable<Volume['hostPath']>, field: string): FieldError[] {
  if (!path) return [fieldRequired(`${field}.path`)];
  const faults = path.split('/').includes('..') ? [fieldInvalid(`${field}.path`, path, "must not contain '..'")] : [];
  return [...faults, ...oneOf(`${field}.type`, type, hostPathTypes)];
}
