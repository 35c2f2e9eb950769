import type { Client } from '@kubernest/client';
import { type Context, messageOf } from '@kubernest/kit';
import { parseApiVersion } from '@kubernest/meta';
import type { DiscoveredResource } from './controller.ts';
import type { DiscoveredVersion } from './discovery.ts';

interface ApiVersions {
  readonly versions: readonly string[];
}
interface ApiGroupList {
  readonly groups: readonly {
    readonly versions: readonly { readonly groupVersion: string }[];
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

/** What `/api` or `/apis` names, of a server that does not aggregate its discovery: a question for each version. */
export function versionsOneByOne(
  root: string,
  document: unknown,
  client: Client,
  ctx: Context,
): Promise<readonly DiscoveredVersion[]> {
  const named =
    root === '/api'
      ? (document as ApiVersions).versions
      : (document as ApiGroupList).groups.flatMap(({ versions, preferredVersion }) => [
          preferredVersion.groupVersion,
          ...versions.map(({ groupVersion }) => groupVersion).filter((each) => each !== preferredVersion.groupVersion),
        ]);
  const ask = async (groupVersion: string): Promise<DiscoveredVersion> => {
    try {
      const { object } = await client.raw({ method: 'GET', path: `${root}/${groupVersion}` }, ctx);
      return { groupVersion, resources: resourcesOf(object as ApiResourceList) };
    } catch (error) {
      ctx.signal.throwIfAborted();
      return { groupVersion, resources: { failure: messageOf(error) } };
    }
  };
  return Promise.all(named.map(ask));
}

function resourcesOf({ groupVersion, resources }: ApiResourceList): DiscoveredResource[] {
  const { group, version } = parseApiVersion(groupVersion);
  return resources.map(({ name, kind, namespaced, verbs }) => {
    return { group, version, resource: name, kind, namespaced, verbs };
  });
}
