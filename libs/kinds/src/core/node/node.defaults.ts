import { draftOf, partAt } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';

/** A node that keeps nothing back can give away all it has; the one range of pods and the list of them agree. */
export function nodeDefaults(draft: KubeObject): void {
  const status = partAt(draftOf(draft), 'status');
  const capacity = partAt(status, 'capacity');
  if (status && capacity) status.allocatable ??= { ...capacity };
  const spec = partAt(draftOf(draft), 'spec');
  const ranges = spec?.podCIDRs as readonly string[] | undefined;
  if (!spec) return;
  if (spec.podCIDR && spec.podCIDR !== ranges?.[0]) spec.podCIDRs = [spec.podCIDR];
  else if (!spec.podCIDR && ranges?.[0]) spec.podCIDR = ranges[0];
}
