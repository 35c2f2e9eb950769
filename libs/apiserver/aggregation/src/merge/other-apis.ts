import { noOtherApis, type OtherApis } from '@kubernest/definitions';
import type { Priority } from '../backends.ts';
import type { Described } from '../description/descriptions.ts';
import { mergedGroups, type PriorityOf } from './merged-groups.ts';
import { mergedOpenApiV2 } from './merged-open-api-v2.ts';

/** What is known now of all backends, and how it goes together with what this server has. */
export function otherApis(described: readonly Described[], priorities: ReadonlyMap<string, Priority>): OtherApis {
  if (described.length === 0 && priorities.size === 0) return noOtherApis;
  const priorityOf = (group: string, version: string) => priorities.get(`${version}.${group}`);
  const byName = new Map(described.map((each) => [keyOf(each.backend), each]));
  const ranked = [...described].sort(
    (a, b) => rankOf(b, priorityOf) - rankOf(a, priorityOf) || (a.backend.name < b.backend.name ? -1 : 1),
  );
  const parts = ranked.flatMap(({ openApiV2 }) => openApiV2 ?? []);
  return {
    versions: ranked.map(({ backend: { group, version } }) => ({ group, version })),
    serves: (gv) => byName.has(keyOf(gv)),
    groups: (own) => mergedGroups(own, described, priorityOf),
    *openApiV2(own) {
      return parts.length > 0 ? yield* mergedOpenApiV2(own, parts) : own;
    },
    openApiV3: (gv) => byName.get(keyOf(gv))?.openApiV3,
  };
}

const keyOf = ({ group, version }: { readonly group: string; readonly version: string }): string =>
  `${version}.${group}`;

const rankOf = ({ backend }: Described, priorityOf: PriorityOf): number =>
  priorityOf(backend.group, backend.version)?.group ?? 0;
