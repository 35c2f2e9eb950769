import type { Client } from '@kubernest/client';
import { type Context, childContext } from '@kubernest/kit';
import { isNotFound, type KubeObject, type ResourceRef } from '@kubernest/meta';
import { CONFIG_MAPS, type ConfigMap, SECRETS, type Secret } from '../types.ts';
import type { ObjectSource } from '../volumes/volume.ts';
import { SelectedObjects } from './selected.ts';

interface Entry {
  readonly selected: SelectedObjects<KubeObject>;
  readonly users: Set<string>;
  readonly controller: AbortController;
  /** The versions that users got by asking while the first list was still to come. */
  readonly given: Map<string, string | undefined>;
}

/** One watch for each ConfigMap and Secret that a pod here uses, shared by its users, ended with the last. */
export class WatchedObjects implements ObjectSource {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly client: Client,
    private readonly onChange: (podUid: string) => void,
    private readonly ctx: Context,
  ) {}

  configMap(namespace: string, name: string, podUid: string, ctx: Context): Promise<ConfigMap | undefined> {
    return this.#use<ConfigMap>(CONFIG_MAPS, namespace, name, podUid, ctx);
  }

  secret(namespace: string, name: string, podUid: string, ctx: Context): Promise<Secret | undefined> {
    return this.#use<Secret>(SECRETS, namespace, name, podUid, ctx);
  }

  release(podUid: string): void {
    for (const [key, entry] of this.#entries) {
      if (!entry.users.delete(podUid) || entry.users.size > 0) continue;
      entry.controller.abort(new DOMException('nobody uses it', 'AbortError'));
      this.#entries.delete(key);
    }
  }

  async #use<T extends KubeObject>(
    ref: ResourceRef,
    namespace: string,
    name: string,
    podUid: string,
    ctx: Context,
  ): Promise<T | undefined> {
    const key = `${ref.resource}/${namespace}/${name}`;
    const entry = this.#entries.get(key) ?? this.#watch(key, ref, namespace, name);
    entry.users.add(podUid);
    if (entry.selected.synced) return entry.selected.get(`${namespace}/${name}`) as T | undefined;
    // The first use asks directly: a refusal is then known at once and in the server's words.
    const resource = this.client.resource<T>(ref);
    const fetched = await resource.fetch({ namespace, name }, ctx).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (entry.selected.synced) return entry.selected.get(`${namespace}/${name}`) as T | undefined;
    entry.given.set(podUid, fetched?.metadata.resourceVersion);
    return fetched;
  }

  #watch(key: string, ref: ResourceRef, namespace: string, name: string): Entry {
    const { ctx, controller } = childContext(this.ctx);
    const users = new Set<string>();
    const given = new Map<string, string | undefined>();
    const selected = new SelectedObjects<KubeObject>(
      this.client,
      ref,
      { namespace, fieldSelector: `metadata.name=${name}` },
      () => {
        if (selected.synced) for (const uid of users) this.onChange(uid);
      },
    );
    const entry = { selected, users, controller, given };
    this.#entries.set(key, entry);
    void selected.whenSynced(ctx.signal).then(
      () => {
        const listed = selected.get(`${namespace}/${name}`)?.metadata.resourceVersion;
        for (const [uid, version] of given) if (version !== listed) this.onChange(uid);
        given.clear();
      },
      () => {},
    );
    void selected.run(ctx);
    return entry;
  }
}
