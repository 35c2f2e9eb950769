import { apiVersionOf } from '@kubernest/meta';
import type { DiscoveredVersion } from './discovery.ts';

/** `APIGroupDiscoveryList`: all below `/api` or `/apis`, versions as the group prefers them. */
export interface AggregatedDiscovery {
  readonly items: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly freshness?: string;
      readonly resources?: readonly {
        readonly resource: string;
        /** Absent where only subresources are served. */
        readonly responseKind?: { readonly kind: string };
        readonly scope: string;
        readonly verbs: readonly string[];
      }[];
    }[];
  }[];
}

export const isAggregated = (object: unknown): boolean =>
  (object as { readonly kind?: string } | undefined)?.kind === 'APIGroupDiscoveryList';

export const versionsOfAggregated = ({ items }: AggregatedDiscovery): readonly DiscoveredVersion[] =>
  items.flatMap(({ metadata, versions }) =>
    versions.map(({ version, freshness, resources = [] }): DiscoveredVersion => {
      const group = metadata?.name ?? '';
      const groupVersion = apiVersionOf({ group, version });
      // compat: of what is stale nobody knows whether it is so still.
      if (freshness === 'Stale') return { groupVersion, resources: { failure: 'stale GroupVersion discovery' } };
      const found = resources.map(({ resource, responseKind, scope, verbs }) => {
        return { group, version, resource, kind: responseKind?.kind ?? '', namespaced: scope === 'Namespaced', verbs };
      });
      return { groupVersion, resources: found };
    }),
  );
