import type { Client } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import { qualifiedResource } from '@kubernest/meta';
import { type AggregatedDiscovery, isAggregated, versionsOfAggregated } from './aggregated-discovery.ts';
import type { DiscoveredResource } from './controller.ts';
import { versionsOneByOne } from './legacy-discovery.ts';

export interface Discovery {
  readonly resources: readonly DiscoveredResource[];
  /** Group versions that did not answer (a dead aggregated API), with the reason. The rest is complete. */
  readonly failed: ReadonlyMap<string, string>;
}

/** One group version: what it serves, or why that is not known. */
export interface DiscoveredVersion {
  readonly groupVersion: string;
  readonly resources: readonly DiscoveredResource[] | { readonly failure: string };
}

/** What a root said last, and by which name. */
interface Known {
  readonly etag: string;
  readonly versions: readonly DiscoveredVersion[];
}

const ACCEPT = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

/**
 * Everything that can be listed, each resource in the first version that has it, as its group prefers them. Asked again, a server that
 * aggregates its discovery is read only where it changed. May be asked by many at once.
 */
export class Discoverer {
  readonly #known = new Map<string, Known>();

  constructor(private readonly client: Client) {}

  /** Throws when a root cannot be read; a group version that does not answer is left out and named. */
  async read(ctx: Context): Promise<Discovery> {
    const roots = await Promise.all(['/api', '/apis'].map((root) => this.#root(root, ctx)));
    return inOne(roots.flat());
  }

  async #root(path: string, ctx: Context): Promise<readonly DiscoveredVersion[]> {
    const known = this.#known.get(path);
    const headers = { accept: ACCEPT, ...(known && { 'if-none-match': known.etag }) };
    const { status, object, etag } = await this.client.raw({ method: 'GET', path, headers }, ctx);
    if (status === 304 && known) return known.versions;
    this.#known.delete(path);
    if (!isAggregated(object)) return versionsOneByOne(path, object, this.client, ctx);
    const versions = versionsOfAggregated(object as AggregatedDiscovery);
    if (etag) this.#known.set(path, { etag, versions });
    return versions;
  }
}

/** A resource stands once, however many versions of its group have it. */
function inOne(versions: readonly DiscoveredVersion[]): Discovery {
  const resources = new Map<string, DiscoveredResource>();
  const failed = new Map<string, string>();
  for (const { groupVersion, resources: found } of versions) {
    if ('failure' in found) failed.set(groupVersion, found.failure);
    else for (const each of found.filter(isListed)) resources.getOrInsertComputed(qualifiedResource(each), () => each);
  }
  return { resources: [...resources.values()], failed };
}

/** Subresources, and what cannot be listed, are no matter of controllers that follow everything. */
const isListed = ({ resource, verbs }: DiscoveredResource): boolean =>
  !resource.includes('/') && verbs.includes('list');
