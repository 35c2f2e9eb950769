import { randomUUID } from 'node:crypto';
import {
  alreadyExists,
  applyMergePatch,
  type Json,
  type KubeObject,
  notFound,
  type WatchEvent,
  wireTime,
} from '@kubernest/meta';
import { GROUP, VERSION } from './documents.ts';

type Listener = (event: WatchEvent<KubeObject>) => void;
export interface Key {
  readonly namespace: string;
  readonly name: string;
}

/** The objects of one kind, in memory, with revisions and watches. */
export class Pears {
  #revision = 1;
  readonly #objects = new Map<string, KubeObject>();
  readonly #log: WatchEvent<KubeObject>[] = [];
  readonly #listeners = new Set<Listener>();

  list(namespace: string | undefined): object {
    const items = [...this.#objects.values()].filter((each) => isIn(each, namespace));
    return { kind: 'PearList', apiVersion: VERSION, metadata: { resourceVersion: String(this.#revision) }, items };
  }

  get({ namespace, name }: Key): KubeObject {
    const found = this.#objects.get(`${namespace}/${name}`);
    if (!found) throw notFound({ group: GROUP, resource: 'pears', name });
    return found;
  }

  create(namespace: string, sent: KubeObject): KubeObject {
    const { name = '' } = sent.metadata;
    if (this.#objects.has(`${namespace}/${name}`)) throw alreadyExists({ group: GROUP, resource: 'pears', name });
    const metadata = { ...sent.metadata, namespace, uid: randomUUID(), creationTimestamp: wireTime(new Date()) };
    return this.#put('ADDED', { ...sent, kind: 'Pear', apiVersion: VERSION, metadata });
  }

  patch(key: Key, patch: Json): KubeObject {
    return this.#put('MODIFIED', applyMergePatch(this.get(key) as unknown as Json, patch) as unknown as KubeObject);
  }

  delete(key: Key): KubeObject {
    const found = this.get(key);
    this.#objects.delete(`${key.namespace}/${key.name}`);
    return this.#tell('DELETED', found);
  }

  deleteAll(namespace: string | undefined): void {
    for (const { metadata } of [...this.#objects.values()].filter((each) => isIn(each, namespace)))
      this.delete({ namespace: metadata.namespace!, name: metadata.name! });
  }

  /** What happened after that revision, and what happens. Returns the unsubscribe. */
  watch(since: number, namespace: string | undefined, listener: Listener): () => void {
    const told: Listener = (event) => {
      if (isIn(event.object, namespace)) listener(event);
    };
    for (const event of this.#log) if (Number(event.object.metadata.resourceVersion) > since) told(event);
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  #put(type: 'ADDED' | 'MODIFIED', object: KubeObject): KubeObject {
    const stored = this.#tell(type, object);
    this.#objects.set(`${stored.metadata.namespace}/${stored.metadata.name}`, stored);
    return stored;
  }

  #tell(type: WatchEvent<KubeObject>['type'], object: KubeObject): KubeObject {
    const resourceVersion = String(++this.#revision);
    const told = { ...object, metadata: { ...object.metadata, resourceVersion } };
    const event = { type, object: told } as WatchEvent<KubeObject>;
    this.#log.push(event);
    for (const listener of this.#listeners) listener(event);
    return told;
  }
}

const isIn = ({ metadata }: KubeObject, namespace: string | undefined): boolean =>
  namespace === undefined || metadata.namespace === namespace;
