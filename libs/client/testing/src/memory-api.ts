import type { Context } from '@kubernest/kit';
import {
  alreadyExists,
  apiVersionOf,
  expired,
  type KubeObject,
  notFound,
  StatusError,
  staleObject,
  type WatchEvent,
  wireTime,
} from '@kubernest/meta';
import type { ApiAnswer, ApiCall, Transport } from '../../src/client.ts';
import { applyPatch, type Draft, meta } from './draft.ts';
import { discovery, type MemoryRequest, parseRequest } from './request.ts';
import { builtinResources, type MemoryResource } from './resources.ts';

export interface RecordedWrite {
  readonly verb: string;
  readonly group: string;
  /** `pods` or `pods/status` */
  readonly resource: string;
  readonly key: string;
}

interface Watcher {
  readonly request: MemoryRequest;
  readonly onEvent: (event: WatchEvent) => void;
  readonly end: (error?: unknown) => void;
}

/**
 * The API's storage semantics as a plain model: resource versions, uids, generation, no-op writes, finalizers, graceful pod
 * deletion, propagation policies, watches and discovery; no admission, defaults or validation. For the specs of clients and controllers.
 */
export class MemoryApi implements Transport {
  readonly writes: RecordedWrite[] = [];
  /** Called before each write; throwing refuses it. */
  beforeWrite: (write: RecordedWrite) => void = () => {};
  /** Called before each read; throwing refuses it. */
  beforeRead: (call: ApiCall) => void = () => {};
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<Watcher>();
  #watched = Promise.withResolvers<void>();
  #log: { readonly revision: number; readonly prefix: string; readonly event: WatchEvent }[] = [];
  #revision = 100;
  #compacted = 0;
  #uids = 0;

  constructor(
    readonly resources: readonly MemoryResource[] = builtinResources,
    private readonly now: () => Date = () => new Date('2026-01-01T00:00:00Z'),
  ) {}

  async call(call: ApiCall, ctx: Context): Promise<ApiAnswer> {
    await Promise.resolve();
    ctx.signal.throwIfAborted();
    if (call.method === 'GET') this.beforeRead(call);
    const found = call.method === 'GET' ? discovery(this.resources, call.path) : undefined;
    if (found) return { status: 200, object: found };
    return { status: 200, object: this.#answer(parseRequest(this.resources, call), call) };
  }

  watch(call: ApiCall, onEvent: (event: WatchEvent) => void, ctx: Context): Promise<void> {
    return new Promise((resolve, reject) => {
      this.beforeRead(call);
      const request = parseRequest(this.resources, call);
      const from = Number(request.query.get('resourceVersion') ?? 0);
      if (from < this.#compacted) throw expired();
      const watcher: Watcher = {
        request,
        onEvent,
        end: (error) => {
          this.#watchers.delete(watcher);
          if (error) reject(error);
          else resolve();
        },
      };
      ctx.signal.addEventListener('abort', () => watcher.end(ctx.signal.reason), { once: true });
      this.#watchers.add(watcher);
      this.#watched.resolve();
      this.#watched = Promise.withResolvers<void>();
      for (const entry of this.#log.filter((e) => e.revision > from)) this.#deliver(watcher, entry.prefix, entry.event);
    });
  }

  /** Ends every watch, as a restarted server does. */
  endWatches(error?: Error): void {
    for (const watcher of [...this.#watchers]) watcher.end(error);
  }

  /** Forgets history: a watch from an older revision answers 410. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#log = [];
  }

  /** Resolves once somebody watches. */
  async watched(): Promise<void> {
    while (this.#watchers.size === 0) await this.#watched.promise;
  }

  get watching(): number {
    return this.#watchers.size;
  }

  all<T extends KubeObject = KubeObject>(resource: string): readonly T[] {
    return [...this.#objects].filter(([key]) => key.split('|')[1] === resource).map(([, object]) => object as T);
  }

  get revision(): number {
    return this.#revision;
  }

  #answer(request: MemoryRequest, call: ApiCall): unknown {
    const { method, name } = request;
    if (method === 'GET') return name === undefined ? this.#list(request) : this.#existing(request);
    const verb =
      method === 'POST'
        ? 'create'
        : method === 'PUT'
          ? 'update'
          : method === 'PATCH'
            ? 'patch'
            : name
              ? 'delete'
              : 'deletecollection';
    const resource = request.resource.resource + (request.subresource ? `/${request.subresource}` : '');
    const write = {
      verb,
      group: request.resource.group,
      resource,
      key: `${request.namespace ?? ''}/${name ?? nameIn(request.body)}`,
    };
    this.beforeWrite(write);
    this.writes.push(write);
    if (method === 'POST') return this.#create(request);
    if (verb === 'deletecollection') return this.#list(request).items.map((object) => this.#delete(object, request));
    const old = this.#existing(request);
    if (method === 'DELETE') return this.#delete(old, request);
    const draft = structuredClone(method === 'PATCH' ? applyPatch(old, call) : request.body) as Draft;
    return this.#update(request, old, draft);
  }

  #create(request: MemoryRequest): KubeObject {
    const draft = structuredClone(request.body) as Draft;
    const { resource } = request;
    const m = meta(draft);
    m.name ??= `${m.generateName}${String(++this.#uids).padStart(5, '0')}`;
    if (resource.namespaced) m.namespace = request.namespace;
    if (this.#objects.has(keyFor(resource, m.namespace, m.name))) {
      throw alreadyExists({ group: resource.group, resource: resource.resource, name: m.name });
    }
    m.uid = `uid-${++this.#uids}`;
    m.creationTimestamp = wireTime(this.now());
    if (resource.status) m.generation = 1;
    if (resource.kind === 'Namespace') draft.spec = { finalizers: ['kubernetes'], ...(draft.spec as object) };
    return this.#store(resource, draft, 'ADDED');
  }

  #update(request: MemoryRequest, old: KubeObject, body: Draft): KubeObject {
    const { resource, subresource } = request;
    const asked = body.metadata?.resourceVersion;
    if (asked !== undefined && asked !== old.metadata.resourceVersion) {
      throw staleObject({ group: resource.group, resource: resource.resource, name: request.name });
    }
    const merged = mergeFor(subresource, resource, old as Draft, body);
    const m = meta(merged);
    for (const member of [
      'uid',
      'creationTimestamp',
      'deletionTimestamp',
      'generation',
      'name',
      'namespace',
    ] as const) {
      (m as Record<string, unknown>)[member] = old.metadata[member];
    }
    m.resourceVersion = old.metadata.resourceVersion;
    if (resource.status && subresource === '' && !same(without(merged), without(old as Draft)))
      m.generation = (m.generation ?? 0) + 1;
    if (same(merged, old)) return old;
    if (m.deletionTimestamp && isEmpty(merged)) return this.#remove(resource, merged);
    return this.#store(resource, merged, 'MODIFIED');
  }

  #delete(old: KubeObject, request: MemoryRequest): KubeObject {
    const { resource } = request;
    const options = (request.body ?? {}) as {
      propagationPolicy?: string;
      gracePeriodSeconds?: number;
      preconditions?: { uid?: string; resourceVersion?: string };
    };
    const wrong = (['uid', 'resourceVersion'] as const).some(
      (m) => options.preconditions?.[m] && options.preconditions[m] !== old.metadata[m],
    );
    if (wrong) throw staleObject({ group: resource.group, resource: resource.resource, name: old.metadata.name });
    const draft = structuredClone(old) as Draft;
    const m = meta(draft);
    const extra = { Foreground: 'foregroundDeletion', Orphan: 'orphan' }[options.propagationPolicy ?? ''];
    if (extra) m.finalizers = [...new Set([...(m.finalizers ?? []), extra])];
    const bound = resource.kind === 'Pod' && (draft.spec as { nodeName?: string } | undefined)?.nodeName;
    const graceful = bound && options.gracePeriodSeconds !== 0;
    if (!graceful && isEmpty(draft)) return this.#remove(resource, draft);
    if (m.deletionTimestamp) return old;
    m.deletionTimestamp = wireTime(this.now());
    m.deletionGracePeriodSeconds = graceful ? (options.gracePeriodSeconds ?? 30) : 0;
    if (resource.kind === 'Namespace') draft.status = { ...(draft.status as object), phase: 'Terminating' };
    return this.#store(resource, draft, 'MODIFIED');
  }

  #store(resource: MemoryResource, draft: Draft, type: 'ADDED' | 'MODIFIED'): KubeObject {
    draft.apiVersion = apiVersionOf(resource);
    draft.kind = resource.kind;
    const m = meta(draft);
    m.resourceVersion = String(++this.#revision);
    this.#objects.set(keyFor(resource, m.namespace, m.name), draft as KubeObject);
    this.#publish(resource, { type, object: draft as KubeObject });
    return draft as KubeObject;
  }

  #remove(resource: MemoryResource, draft: Draft): KubeObject {
    const m = meta(draft);
    m.resourceVersion = String(++this.#revision);
    this.#objects.delete(keyFor(resource, m.namespace, m.name));
    this.#publish(resource, { type: 'DELETED', object: draft as KubeObject });
    return draft as KubeObject;
  }

  #publish(resource: MemoryResource, event: WatchEvent): void {
    const prefix = prefixFor(resource);
    this.#log.push({ revision: this.#revision, prefix, event });
    // Like a real server: the writer has its answer first.
    setImmediate(() => {
      for (const watcher of [...this.#watchers]) this.#deliver(watcher, prefix, event);
    });
  }

  #deliver(watcher: Watcher, prefix: string, event: WatchEvent): void {
    const { request } = watcher;
    const from = Number(request.query.get('resourceVersion') ?? 0);
    if (prefixFor(request.resource) !== prefix || Number(event.object.metadata.resourceVersion) <= from) return;
    if (request.namespace && request.namespace !== event.object.metadata.namespace) return;
    watcher.onEvent(event);
  }

  #list(request: MemoryRequest): { metadata: { resourceVersion: string; continue?: string }; items: KubeObject[] } {
    const prefix = prefixFor(request.resource) + (request.namespace ? `${request.namespace}/` : '');
    const all = [...this.#objects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object);
    const start = Number(request.query.get('continue') ?? 0);
    const end = start + Number(request.query.get('limit') ?? all.length);
    const more = end < all.length ? { continue: String(end) } : {};
    return { metadata: { resourceVersion: String(this.#revision), ...more }, items: all.slice(start, end) };
  }

  #existing(request: MemoryRequest): KubeObject {
    const { resource, namespace, name } = request;
    const found = this.#objects.get(keyFor(resource, namespace, name));
    if (!found) throw notFound({ group: resource.group, resource: resource.resource, name });
    return found;
  }
}

/** Which part of the object a request may change. */
function mergeFor(subresource: string, resource: MemoryResource, old: Draft, body: Draft): Draft {
  if (subresource === 'status') return { ...old, metadata: { ...old.metadata }, status: body.status };
  if (subresource === 'finalize') return { ...old, metadata: { ...old.metadata }, spec: body.spec };
  if (subresource !== '') throw new StatusError(404, 'NotFound', `no subresource ${subresource}`);
  return resource.status ? { ...body, status: old.status } : body;
}

function isEmpty(draft: Draft): boolean {
  const spec = draft.spec as { finalizers?: readonly string[] } | undefined;
  return (
    (draft.metadata?.finalizers ?? []).length === 0 &&
    (draft.kind !== 'Namespace' || (spec?.finalizers ?? []).length === 0)
  );
}

const nameIn = (body: unknown): string => {
  const m = (body as KubeObject | undefined)?.metadata;
  return m?.name ?? m?.generateName ?? '';
};
const prefixFor = (resource: MemoryResource): string => `${resource.group}|${resource.resource}|`;
const keyFor = (resource: MemoryResource, namespace: string | undefined, name: string | undefined): string =>
  `${prefixFor(resource)}${resource.namespaced ? `${namespace}/` : ''}${name}`;
const without = ({ metadata: _, status: __, ...rest }: Draft): unknown => rest;

/** Equal as JSON, whatever the order of members. */
function same(a: unknown, b: unknown): boolean {
  const sorted = (_: string, value: unknown): unknown =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value;
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}
