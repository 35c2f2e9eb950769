import type { Client, Informer, InformerSet } from '@kubernest/client';
import { type Context, messageOf, tellEach } from '@kubernest/kit';
import { type KubeObject, keyOf, parseApiVersion, qualifiedResource, type ResourceRef } from '@kubernest/meta';
import type { AllResources, AnyChange, DiscoveredResource } from './controller.ts';
import { discover } from './discovery.ts';

const BY_OWNER = 'engine/owner-uid';
const BY_UID = 'engine/uid';
/** Nothing owns them and they own nothing; they are many and short-lived. */
const ignored = new Set(['events', 'events.events.k8s.io']);
/** A change of one of these changes what discovery says. */
const changesDiscovery = new Set([
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
]);

export const noResources: AllResources = {
  list: () => [],
  find: () => undefined,
  informer: (ref) => {
    throw new Error(`${qualifiedResource(ref)} is not watched: the controller did not declare it`);
  },
  dependentsOf: () => [],
  byUid: () => undefined,
};

/** Follows discovery: an informer for each resource there is, begun when it appears. Looks again when something that adds resources changes. */
export class ResourceMonitor implements AllResources {
  readonly #known = new Map<
    string,
    { readonly resource: DiscoveredResource; readonly informer: Informer; readonly leave: () => void }
  >();
  readonly #listeners = new Set<(change: AnyChange) => void>();
  #refreshing: Promise<void> | undefined;
  #stale = false;

  constructor(
    private readonly client: Client,
    private readonly informers: InformerSet,
    private readonly ctx: Context,
  ) {}

  list(): readonly DiscoveredResource[] {
    return [...this.#known.values()].map(({ resource }) => resource);
  }

  find(apiVersion: string, kind: string): DiscoveredResource | undefined {
    const { group, version } = parseApiVersion(apiVersion);
    const ofKind = this.list().filter((resource) => resource.group === group && resource.kind === kind);
    return ofKind.find((resource) => resource.version === version) ?? ofKind[0];
  }

  informer(ref: ResourceRef): Informer {
    return this.informers.of(ref);
  }

  dependentsOf(ownerUid: string) {
    return [...this.#known.values()].flatMap(({ resource, informer }) =>
      informer.byIndex(BY_OWNER, ownerUid).map((object) => ({ resource, object })),
    );
  }

  byUid(uid: string) {
    for (const { resource, informer } of this.#known.values()) {
      const [object] = informer.byIndex(BY_UID, uid);
      if (object) return { resource, object };
    }
    return undefined;
  }

  onChange(listener: (change: AnyChange) => void): void {
    this.#listeners.add(listener);
  }

  /** Everything that discovery names now is listed. A resource that cannot be listed is not waited for. */
  async begin(): Promise<void> {
    await this.refresh();
    await Promise.all([...this.#known.values()].map(({ informer }) => this.#syncedSoon(informer)));
  }

  /** Asks discovery again; asked meanwhile, once more after that. */
  refresh(): Promise<void> {
    this.#stale = true;
    this.#refreshing ??= this.#refreshUntilFresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refreshUntilFresh(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      const { resources, failed } = await discover(this.client, this.ctx);
      const watchable = resources.filter((r) => r.verbs.includes('watch') && !ignored.has(qualifiedResource(r)));
      const present = new Set(watchable.map(qualifiedResource));
      for (const resource of watchable) this.#add(resource);
      for (const [id, { resource, leave }] of this.#known) {
        if (present.has(id) || failed.has(`${resource.group}/${resource.version}`)) continue;
        leave();
        this.#known.delete(id);
      }
    }
  }

  #add(resource: DiscoveredResource): void {
    const id = qualifiedResource(resource);
    if (this.#known.has(id)) return;
    const { group, version, resource: plural } = resource;
    const informer = this.informers.of({ group, version, resource: plural });
    informer.addIndex(BY_OWNER, (object) => object.metadata.ownerReferences?.map((owner) => owner.uid) ?? []);
    informer.addIndex(BY_UID, (object) => (object.metadata.uid ? [object.metadata.uid] : []));
    const tell = (object: KubeObject, old: KubeObject | undefined, deleted: boolean): void => {
      if (changesDiscovery.has(id)) void this.refresh().catch((error) => this.#report(error));
      tellEach(
        this.#listeners,
        (listener) => listener({ resource, object, old, deleted }),
        (error) =>
          this.ctx.log.error('a controller that follows every resource threw', { error, object: keyOf(object) }),
      );
    };
    const leave = informer.subscribe({
      added: (object) => tell(object, undefined, false),
      updated: (object, old) => tell(object, old, false),
      deleted: (object) => tell(object, undefined, true),
    });
    this.#known.set(id, { resource, informer, leave });
  }

  #report(error: unknown): void {
    if (!this.ctx.signal.aborted) this.ctx.log.warn('discovery could not be read again', { error: messageOf(error) });
  }

  async #syncedSoon(informer: Informer): Promise<void> {
    const late = new AbortController();
    const cancel = this.ctx.clock.after(10_000, () => late.abort());
    const signal = AbortSignal.any([late.signal, this.ctx.signal]);
    await informer.whenSynced(signal).catch(() => this.ctx.signal.throwIfAborted());
    cancel();
  }
}
