import { type Context, childContext, tellEach, whenAborted } from '@kubernest/kit';
import { type KubeObject, keyOf, qualifiedResource, type ResourceRef, Rests, type Steps } from '@kubernest/meta';
import type { Client, Transport } from '../client.ts';
import { createClient } from '../create-client.ts';
import type { Informer, InformerHandler, InformerSet } from '../informer.ts';
import { keptMetadata } from './kept-metadata.ts';
import { ObjectCache } from './object-cache.ts';
import { type ReflectorOptions, type ReflectorSource, reflect } from './reflector.ts';
import { Retries } from './retries.ts';

export interface InformerSetOptions {
  /** Objects per page of the first list; 500 unless given. */
  readonly pageSize?: number;
  /** Narrows what is kept of one resource (a kubelet's own pods). Asked once per resource. */
  readonly scopeOf?: (ref: ResourceRef) => Pick<ReflectorOptions, 'namespace' | 'fieldSelector' | 'labelSelector'>;
  /** 0 to 1; Math.random unless given. */
  readonly random?: () => number;
}

/** Informers over a client or a bare transport. `start` does not wait for the first lists: `whenSynced` does. */
export function createInformerSet(source: Client | Transport, options: InformerSetOptions = {}): InformerSet {
  const client = 'resource' in source ? source : createClient(source);
  const informers = new Map<string, Member>();
  let running: Context | undefined;

  const enter = (id: string, make: (given: ReflectorOptions) => Informer, ref: ResourceRef): Informer =>
    informers.getOrInsertComputed(id, () => {
      const retries = new Retries(options.random ?? Math.random);
      const given = { pageSize: options.pageSize ?? 500, retries, ...options.scopeOf?.(ref) };
      const member = new Member(make(given));
      if (running) member.begin(running);
      return member;
    }).informer;
  return {
    name: 'informers',
    of: <T extends KubeObject>(ref: ResourceRef) =>
      enter(idOf(ref), (given) => createInformer(client.resource(ref), ref, given), ref) as unknown as Informer<T>,
    metadataOf: (ref) =>
      enter(
        metadataIdOf(ref),
        (given) => createInformer(client.metadata(ref), ref, { ...given, kept: keptMetadata }),
        ref,
      ),
    forgetMetadataOf(ref) {
      informers.get(metadataIdOf(ref))?.end();
      informers.delete(metadataIdOf(ref));
    },
    async start(ctx) {
      if (running) throw new Error('an informer set is started once');
      running = ctx;
      for (const member of informers.values()) member.begin(ctx);
      return {
        done: whenAborted(ctx.signal)
          .then(() => Promise.all([...informers.values()].map(({ done }) => done)))
          .then(() => {}),
      };
    },
  };
}

const idOf = ({ group, version, resource }: ResourceRef): string => `${group}/${version}/${resource}`;
const metadataIdOf = (ref: ResourceRef): string => `metadata of ${idOf(ref)}`;

/** An informer and its life, which may end before the set's. */
class Member {
  #life: AbortController | undefined;
  done: Promise<void> = Promise.resolve();

  constructor(readonly informer: Informer) {}

  begin(under: Context): void {
    const { ctx, controller } = childContext({ ...under, log: under.log.child(this.informer.name) });
    this.#life = controller;
    this.done = this.informer.start(ctx).then(({ done }) => done);
  }
  end(): void {
    this.#life?.abort();
  }
}

function createInformer<T extends KubeObject>(
  source: ReflectorSource<T>,
  ref: ResourceRef,
  options: ReflectorOptions,
): Informer<T> {
  const cache = new ObjectCache<T>();
  const handlers = new Set<InformerHandler<T>>();
  const { promise: firstList, resolve: firstListIn } = Promise.withResolvers<void>();
  let synced = false;
  let log: Context['log'] | undefined;

  const fault = (what: string, error: unknown): void =>
    log?.error(`${what} of the informer threw`, { error, resource: qualifiedResource(ref) });
  const handlerFault = (error: unknown): void => fault('a handler', error);
  const tellAll = (tell: (handler: InformerHandler<T>) => void): void => tellEach(handlers, tell, handlerFault);
  const changed = (object: T): void => {
    const old = cache.get(keyOf(object));
    if (old && old.metadata.uid !== object.metadata.uid) {
      cache.delete(keyOf(old));
      tellAll((h) => h.deleted?.(old));
    } else if (old) {
      if (old.metadata.resourceVersion === object.metadata.resourceVersion) return;
      cache.set(object);
      tellAll((h) => h.updated?.(object, old));
      return;
    }
    cache.set(object);
    tellAll((h) => h.added?.(object));
  };
  /** The last state known goes to handlers when the server's is not there (a relist found it gone). */
  const deleted = (key: string, last?: T): void => {
    const old = cache.delete(key);
    if (old) tellAll((h) => h.deleted?.(last ?? old));
  };
  function* replace(objects: readonly T[]): Steps<void> {
    const rests = new Rests();
    const present = new Set<string>();
    for (const object of objects) {
      if (rests.isDue()) yield;
      present.add(keyOf(object));
    }
    for (const key of [...cache.keys()]) {
      if (rests.isDue()) yield;
      if (!present.has(key)) deleted(key);
    }
    for (const object of objects) {
      if (rests.isDue()) yield;
      changed(object);
    }
    synced = true;
    firstListIn();
  }

  return {
    ref,
    name: `informer ${qualifiedResource(ref)}`,
    get synced() {
      return synced;
    },
    whenSynced: (signal) => abortable(firstList, signal),
    get: (key) => cache.get(key),
    list: (namespace) => cache.list(namespace),
    byIndex: (index, value) => cache.byIndex(index, value),
    addIndex: (name, values) => cache.addIndex(name, values, (error) => fault('an index', error)),
    subscribe(handler) {
      handlers.add(handler);
      if (synced) tellEach(cache.list(), (object) => handler.added?.(object), handlerFault);
      return () => handlers.delete(handler);
    },
    retryNow: () => options.retries.now(),
    async start(ctx) {
      log = ctx.log;
      const target = { replace, changed, deleted: (object: T) => deleted(keyOf(object), object) };
      return { done: reflect(source, target, options, ctx) };
    },
  };
}

function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, reject);
  });
}
