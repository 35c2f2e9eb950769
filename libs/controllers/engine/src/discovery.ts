import type { Client } from '@kubernest/client';
import { type Context, messageOf } from '@kubernest/kit';
import { parseApiVersion } from '@kubernest/meta';
import type { DiscoveredResource } from './controller.ts';

interface ApiGroupList {
  readonly groups: readonly {
    readonly name: string;
    readonly preferredVersion: { readonly groupVersion: string };
  }[];
}
interface ApiResourceList {
  readonly groupVersion: string;
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

export interface Discovery {
  readonly resources: readonly DiscoveredResource[];
  /** Groups that did not answer (a dead aggregated API), with the reason. The rest is complete. */
  readonly failed: ReadonlyMap<string, string>;
}

/** Everything that can be listed, in each group's preferred version. A group that does not answer is left out and named. */
export async function discover(client: Client, ctx: Context): Promise<Discovery> {
  const { object } = await client.raw({ method: 'GET', path: '/apis' }, ctx);
  const groupVersions = ['v1', ...(object as ApiGroupList).groups.map((group) => group.preferredVersion.groupVersion)];
  const failed = new Map<string, string>();
  const lists = await Promise.all(
    groupVersions.map(async (groupVersion) => {
      const path = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
      try {
        return resourcesOf((await client.raw({ method: 'GET', path }, ctx)).object as ApiResourceList);
      } catch (error) {
        ctx.signal.throwIfAborted();
        failed.set(groupVersion, messageOf(error));
        return [];
      }
    }),
  );
  return { resources: lists.flat(), failed };
}

function resourcesOf(list: ApiResourceList): DiscoveredResource[] {
  const { group, version } = parseApiVersion(list.groupVersion);
  return list.resources
    .filter((resource) => !resource.name.includes('/') && resource.verbs.includes('list'))
    .map(({ name, kind, namespaced, verbs }) => ({ group, version, resource: name, kind, namespaced, verbs }));
}
