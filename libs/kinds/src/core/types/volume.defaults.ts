import { fillIn, type Part, partAt, partsAt } from '@kubernest/definitions';
import { defaultReferences, pullPolicyOf } from './container.defaults.ts';

/** Readable by all, written by the owner: 0644. */
const fileMode = 0o644;

/** A volume that names no source is an empty directory. */
export function defaultVolume(volume: Part): void {
  if (Object.keys(volume).every((field) => field === 'name')) volume.emptyDir = {};
  for (const field of ['secret', 'configMap', 'downwardAPI', 'projected'])
    fillIn(partAt(volume, field), { defaultMode: fileMode });
  fillIn(partAt(volume, 'hostPath'), { type: '' });
  const claim = partAt(partAt(volume, 'ephemeral'), 'volumeClaimTemplate');
  fillIn(partAt(claim, 'spec'), { volumeMode: 'Filesystem' });
  const image = partAt(volume, 'image');
  fillIn(image, { pullPolicy: pullPolicyOf(image?.reference) });
  defaultFiles(partAt(volume, 'downwardAPI'));
  for (const source of partsAt(partAt(volume, 'projected'), 'sources')) {
    fillIn(partAt(source, 'serviceAccountToken'), { expirationSeconds: 3600 });
    defaultFiles(partAt(source, 'downwardAPI'));
  }
}

function defaultFiles(downward: Part | undefined): void {
  partsAt(downward, 'items').forEach(defaultReferences);
}
