import type { Volume } from '@kubernest/api-types/core/v1';
import type { Warn } from '@kubernest/definitions';
import { warnOfFraction } from './container.warnings.ts';

/** Kinds of volumes that nobody mounts any more, in the order in which they are told of. */
const bygone: readonly (readonly [source: string, words: string])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

export function warnOfVolume(volume: Volume, path: string, warn: Warn): void {
  for (const [source, words] of bygone) if (Object.hasOwn(volume, source)) warn(`${path}.${shown(source)}: ${words}`);
  const resources = volume.ephemeral?.volumeClaimTemplate?.spec?.resources;
  if (!resources) return;
  const claim = `${path}.ephemeral.volumeClaimTemplate.spec.resources`;
  warnOfFraction(resources.requests, 'storage', `${claim}.requests`, warn);
  warnOfFraction(resources.limits, 'storage', `${claim}.limits`, warn);
}

/** compat: one of them is told of by its name in Go. */
const shown = (source: string): string => (source === 'storageos' ? 'storageOS' : source);
