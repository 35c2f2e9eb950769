import type { ServiceAccountTokenProjection, VolumeProjection } from '@kubernest/api-types/core/v1';
import { faultsOfEach } from '@kubernest/definitions';
import { append, type FieldError, fieldForbidden, fieldInvalid, fieldRequired } from '@kubernest/meta';
import { validateDownwardFile, validateFilePath, validateItems } from './volume-file.validation.ts';

const kinds = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'] as const;

/** Several sources in one directory: each is of one kind, and no two write the same file. */
export function validateProjected(sources: readonly VolumeProjection[], path: string): FieldError[] {
  const taken = new Set<string>();
  const claim = (file: string | undefined, shown: string | undefined): FieldError[] => {
    if (!file) return [];
    if (taken.has(file)) return [fieldInvalid(path, shown ?? '', 'conflicting duplicate paths')];
    taken.add(file);
    return [];
  };
  return faultsOfEach(sources, (source, i) => {
    const here = `${path}.sources[${i}]`;
    const several = kinds.filter((kind) => source[kind] !== undefined).length > 1;
    return [
      ...validateFiles(source, here, claim),
      ...(source.serviceAccountToken ? validateToken(source.serviceAccountToken, here, path) : []),
      ...(several ? [fieldForbidden(here, 'may not specify more than 1 volume type per source')] : []),
    ];
  });
}

type Claim = (file: string | undefined, shown: string | undefined) => FieldError[];

function validateFiles(source: VolumeProjection, path: string, claim: Claim): FieldError[] {
  const faults: FieldError[] = [];
  for (const kind of ['secret', 'configMap'] as const) {
    const projection = source[kind];
    if (!projection) continue;
    if (!projection.name) faults.push(fieldRequired(`${path}.${kind}.name`));
    append(faults, validateItems(projection.items, `${path}.${kind}.items`));
    // compat: a file that two sources write is told by the name of the source.
    for (const item of projection.items ?? []) append(faults, claim(item.path, projection.name));
  }
  for (const file of source.downwardAPI?.items ?? [])
    append(faults, validateDownwardFile(file, `${path}.downwardAPI`), claim(file.path, file.path));
  return faults;
}

const shortestTokenSeconds = 600;
const longestTokenSeconds = 2 ** 32;

function validateToken(token: ServiceAccountTokenProjection, path: string, volume: string): FieldError[] {
  const { expirationSeconds: seconds = 0 } = token;
  const field = `${path}.serviceAccountToken.expirationSeconds`;
  const faults: FieldError[] = [];
  if (seconds < shortestTokenSeconds)
    faults.push(fieldInvalid(field, seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > longestTokenSeconds)
    faults.push(fieldInvalid(field, seconds, 'may not specify a duration larger than 2^32 seconds'));
  // compat: said of the volume.
  return [...faults, ...validateFilePath(token.path, `${volume}.path`)];
}
