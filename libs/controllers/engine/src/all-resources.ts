import type { Client, Informer, InformerSet, PartialObjectMetadata } from '@kubernest/client';
import { Backoff, type Context, type Milliseconds, messageOf, tellEach } from '@kubernest/kit';
import {
  apiVersionOf,
  keyOf,
  parseApiVersion,
  promptly,
  qualifiedResource,
  type ResourceRef,
  Rests,
  type Steps,
} from '@kubernest/meta';
import type { AllResources, AnyChange, DiscoveredResource, FoundObject } from './controller.ts';
import { Discoverer, type Discovery } from './discovery.ts';
import { FirstLists } from './first-lists.ts';
import { InTime } from './in-time.ts';
import { OwnershipIndex } from './ownership-index.ts';

/** As Kubernetes does: whatever adds resources without a word is found out this late. */
const LOOK_AGAIN: Milliseconds = 30_000;
/** Longer than an API server takes to read a backend's discovery. */
const BACKEND_ASKED: Milliseconds = 2_000;
/** Changes that come within it are one reason to ask: definitions come by the hundred, and the answer tells of all that there are. */
const GATHER: Milliseconds = 200;
/** A resource that cannot be listed is not waited for longer than this. */
const FIRST_LIST: Milliseconds = 10_000;
/** Nothing owns them and they own nothing; they are many and short-lived. */
const ignored = new Set(['events', 'events.events.k8s.io']);
const API_SERVICES = 'apiservices.apiregistration.k8s.io';
/** A change of one of these changes what discovery says. */
const changesDiscovery = new Set(['customresourcedefinitions.apiextensions.k8s.io', API_SERVICES]);

const refuse = (ref: ResourceRef): never => {
  throw new Error(`${qualifiedResource(ref)} is not watched: the controller did not declare it`);
};
export const noResources: AllResources = {
  isComplete: true,
  find: () => undefined,
  get: refuse,
  discover: () => Promise.reject(new Error('the controller does not watch all')),
  dependentsOf: () => [],
  byUid: () => undefined,
};

interface Followed {
  readonly resource: DiscoveredResource;
  /** Absent as long as others of its group-version are listed before. */
  informer?: Informer<PartialObjectMetadata>;
  leave?: () => void;
  /** Its first list is in, or was waited for long enough. */
  readonly settled: Promise<void>;
  isSettled: boolean;
}

/**
 * Follows discovery: an informer of metadata for each resource there is, begun when it appears and ended when it is served no longer.
 * Looks again when something that adds resources changes, every half minute, and after a fault.
 */
export class ResourceMonitor implements AllResources {
  readonly #followed = new Map<string, Followed>();
  readonly #index = new OwnershipIndex();
  readonly #listeners = new Set<(change: AnyChange) => void>();
  readonly #discoverer: Discoverer;
  /** By group-version: a server may claim that it has thousands of resources, and is in no other's way then. */
  readonly #firstLists = new FirstLists();
  readonly #inTime: InTime;
  #refreshing: Promise<void> | undefined;
  /** What discovery named last is not all among the followed yet. */
  #isBehind = false;
  #stale = false;
  #soon: (() => void) | undefined;
  #gathering: (() => void) | undefined;

  constructor(
    client: Client,
    private readonly informers: InformerSet,
    private readonly ctx: Context,
  ) {
    this.#discoverer = new Discoverer(client);
    this.#inTime = new InTime(FIRST_LIST, ctx);
  }

  get isComplete(): boolean {
    if (this.#isBehind) return false;
    for (const { isSettled } of this.#followed.values()) if (!isSettled) return false;
    return true;
  }

  list(): readonly DiscoveredResource[] {
    return [...this.#followed.values()].map(({ resource }) => resource);
  }

  find(apiVersion: string, kind: string): DiscoveredResource | undefined {
    const { group, version } = parseApiVersion(apiVersion);
    let first: DiscoveredResource | undefined;
    for (const { resource } of this.#followed.values()) {
      if (resource.kind !== kind || resource.group !== group) continue;
      if (resource.version === version) return resource;
      first ??= resource;
    }
    return first;
  }

  get(ref: ResourceRef, key: string): PartialObjectMetadata | undefined {
    return this.#followed.get(qualifiedResource(ref))?.informer?.get(key);
  }

  discover(ctx: Context): Promise<Discovery> {
    return this.#discoverer.read(ctx);
  }

  dependentsOf(ownerUid: string): readonly FoundObject[] {
    return this.#index.dependentsOf(ownerUid);
  }

  byUid(uid: string): FoundObject | undefined {
    return this.#index.byUid(uid);
  }

  onChange(listener: (change: AnyChange) => void): void {
    this.#listeners.add(listener);
  }

  /** Resolves once everything that discovery names now is listed; `done` when the monitor has ended. */
  async begin(): Promise<{ readonly done: Promise<void> }> {
    await this.refresh();
    await Promise.all([...this.#followed.values()].map(({ settled }) => settled));
    this.ctx.signal.throwIfAborted();
    return { done: this.#lookAgain() };
  }

  async #lookAgain(): Promise<void> {
    while (!this.ctx.signal.aborted) await this.#pause(LOOK_AGAIN).then(() => this.refresh());
  }

  /** Asks discovery until it answers; asked meanwhile, once more after that. */
  refresh(): Promise<void> {
    this.#stale = true;
    this.#refreshing ??= this.#refreshUntilFresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refreshUntilFresh(): Promise<void> {
    const backoff = new Backoff({ initial: 500, max: LOOK_AGAIN });
    while (this.#stale && !this.ctx.signal.aborted) {
      this.#stale = false;
      try {
        const discovery = await this.discover(this.ctx);
        this.#isBehind = true;
        await promptly(this.#follow(discovery));
        this.#isBehind = false;
      } catch (error) {
        if (this.ctx.signal.aborted) return;
        this.#stale = true;
        const wait = backoff.next('');
        this.ctx.log.warn('discovery cannot be read', { error: messageOf(error), wait });
        await this.#pause(wait);
      }
    }
  }

  #pause(wait: Milliseconds): Promise<void> {
    return this.ctx.clock.sleep(wait, this.ctx.signal).catch(() => {});
  }

  /** Of as many as a server claims to have. */
  *#follow({ resources, failed }: Discovery): Steps<void> {
    const rests = new Rests();
    const watched = resources.filter((each) => each.verbs.includes('watch') && !ignored.has(qualifiedResource(each)));
    const present = new Map(watched.map((each) => [qualifiedResource(each), each]));
    for (const [id, { resource }] of this.#followed) {
      if (rests.isDue()) yield;
      if (!failed.has(apiVersionOf(resource)) && !isSame(resource, present.get(id))) this.#forget(id);
    }
    for (const [id, resource] of present) {
      if (rests.isDue()) yield;
      if (!this.#followed.has(id)) this.#add(id, resource);
    }
  }

  #add(id: string, resource: DiscoveredResource): void {
    const begun = Promise.withResolvers<void>();
    const settled = this.#inTime.wait(begun.promise).then(() => {
      followed.isSettled = true;
    });
    const followed: Followed = { resource, settled, isSettled: false };
    this.#followed.set(id, followed);
    this.#firstLists.enter(apiVersionOf(resource), () => this.#begin(id, followed).then(begun.resolve));
  }

  /** Resolves once its first list is in, or was waited for long enough. */
  #begin(id: string, followed: Followed): Promise<void> {
    const { resource } = followed;
    // It may have gone while it waited.
    if (this.#followed.get(id) !== followed || this.ctx.signal.aborted) return Promise.resolve();
    const informer = this.informers.metadataOf(resource);
    followed.informer = informer;
    followed.leave = informer.subscribe({
      added: (object) => this.#tell(id, { resource, object, deleted: false }),
      updated: (object, old) => this.#tell(id, { resource, object, old, deleted: false }),
      deleted: (object) => this.#tell(id, { resource, object, deleted: true }),
    });
    const over = new AbortController();
    return this.#inTime.wait(informer.whenSynced(over.signal)).finally(() => over.abort());
  }

  #tell(id: string, change: AnyChange): void {
    if (change.deleted) this.#index.delete(change);
    else this.#index.put(change);
    if (changesDiscovery.has(id)) this.#gather();
    if (id === API_SERVICES) this.#followBackend(change.object.metadata.name!);
    tellEach(
      this.#listeners,
      (listener) => listener(change),
      (error) =>
        this.ctx.log.error('a controller that follows every resource threw', { error, object: keyOf(change.object) }),
    );
  }

  #gather(): void {
    this.#gathering ??= this.ctx.clock.after(GATHER, () => {
      this.#gathering = undefined;
      void this.refresh();
    });
  }

  /** The server behind it may be back; what it serves stands in discovery once it has been asked. */
  #followBackend(apiService: string): void {
    this.#soon ??= this.ctx.clock.after(BACKEND_ASKED, () => {
      this.#soon = undefined;
      void this.refresh();
    });
    for (const { resource, informer } of this.#followed.values())
      if (`${resource.version}.${resource.group}` === apiService) informer?.retryNow();
  }

  /** Nobody is told that its objects are deleted: nobody knows. */
  #forget(id: string): void {
    const { resource, informer, leave } = this.#followed.get(id)!;
    this.#followed.delete(id);
    if (!informer) return;
    leave?.();
    for (const object of informer.list()) this.#index.delete({ resource, object });
    this.informers.forgetMetadataOf(resource);
  }
}

/** In another version, scope or kind it is followed anew. */
const isSame = (a: DiscoveredResource, b: DiscoveredResource | undefined): boolean =>
  a.version === b?.version && a.kind === b.kind && a.namespaced === b.namespaced;
