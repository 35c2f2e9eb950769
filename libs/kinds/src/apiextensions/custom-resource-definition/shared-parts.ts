import { deepEqual } from '@kubernest/meta';
import type { Version, VersionParts } from './definition-parts.ts';

/**
 * compat: in Kubernetes' own form a part that all versions have alike stands once, beside them, and its faults are told there:
 * `spec.validation…` and not `spec.versions[0].schema…`.
 */
export interface SharedParts {
  readonly shared: VersionParts;
  /** Without what is shared. */
  readonly versions: readonly Version[];
}

const parts = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;

export function sharedParts(versions: readonly Version[]): SharedParts {
  const [first, ...others] = versions;
  if (!first) return { shared: {}, versions };
  const alike = parts.filter((part) => others.every((version) => deepEqual(version[part], first[part])));
  return {
    shared: Object.fromEntries(alike.map((part) => [part, first[part]])),
    versions: versions.map((version) => ({
      ...version,
      ...Object.fromEntries(alike.map((part) => [part, undefined])),
    })),
  };
}
