import {
  deepFreeze,
  freezeAsJson,
  freezeInSteps,
  type KubeObject,
  type ObjectMeta,
  parseJson,
  parseJsonInSteps,
  type Steps,
} from '@kubernest/meta';
import { isLarge } from '../pace.ts';
import { apiVersionIn, metadataIn, replaceVersion } from './stored-bytes.ts';

type Labels = Readonly<Record<string, string>>;
const noLabels: Labels = Object.freeze({});

/** The object in a version that it is not stored in. */
interface KeptView {
  readonly entry: CacheEntry;
  /** It is kept no longer. */
  readonly dropped: () => void;
}

interface StoredObject {
  /** The store's key. */
  readonly key: string;
  readonly revision: number;
  /** The stored JSON with its resource version in place. */
  readonly bytes: Buffer;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  /** What `bytes` say, where that is known; taken over. */
  readonly decoded?: KubeObject | undefined;
}

/**
 * One object at one revision, in the version in which it is stored or as a view in another: its bytes once, decoded only when somebody
 * looks inside. Never changed after it was made.
 */
export class CacheEntry {
  #stored = true;
  #decoded: KubeObject | undefined;
  #object: KubeObject | undefined;
  #metadata: ObjectMeta | undefined;
  #labels: Labels | undefined;
  #fields: Map<string, string> | undefined;
  #representations: Map<string, Buffer> | undefined;
  #storedAs: string | undefined;
  #views: Map<string, KeptView> | undefined;

  readonly key: string;
  readonly revision: number;
  readonly bytes: Buffer;
  readonly namespace: string;
  readonly name: string;

  constructor({ key, revision, bytes, namespace, name, decoded }: StoredObject) {
    this.key = key;
    this.revision = revision;
    this.bytes = bytes;
    this.namespace = namespace;
    this.name = name;
    this.#decoded = decoded;
  }

  /** The `apiVersion` that its bytes say, whatever its kind is stored in by now. */
  get storedAs(): string {
    this.#storedAs ??= apiVersionIn(this.bytes);
    return this.#storedAs;
  }

  /** The object in its own version, frozen. */
  get object(): KubeObject {
    if (this.#object) return this.#object;
    const object = this.#decoded
      ? freezeAsJson(this.#decoded)
      : deepFreeze(parseJson(this.bytes.toString('utf8')) as unknown as KubeObject);
    this.#decoded = undefined;
    if (this.#stored) this.#object = object;
    return object;
  }

  /** The object's metadata, frozen, in every version the same. Nothing else is decoded for it, and nothing kept. */
  get metadata(): ObjectMeta {
    if (this.#object) return this.#object.metadata;
    if (this.#decoded) return freezeAsJson(this.#decoded.metadata);
    return this.#metadata ?? deepFreeze(JSON.parse(metadataIn(this.bytes).toString('utf8')) as ObjectMeta);
  }

  /** Its event has been handed on: what nobody has looked at by now is held as bytes alone. */
  settle(): void {
    this.#decoded = undefined;
  }

  /** The same object under another version. */
  under(revision: number, version: string): CacheEntry {
    const object = this.#object;
    const decoded = object && { ...object, metadata: { ...object.metadata, resourceVersion: version } };
    const bytes = replaceVersion(this.bytes, version);
    return new CacheEntry({ key: this.key, revision, bytes, namespace: this.namespace, name: this.name, decoded });
  }

  /** `object` in short steps: of what is stored it is there at once from then on, until its event has been handed on and nobody has looked. */
  *read(): Steps<KubeObject> {
    if (this.#object) return this.#object;
    const known = this.#decoded;
    if (known && Object.isFrozen(known)) return known;
    const object = known ?? ((yield* parseJsonInSteps(this.bytes.toString('utf8'))) as unknown as KubeObject);
    yield* freezeInSteps(object);
    if (this.#stored && !this.#object) this.#decoded = object;
    return object;
  }

  /** The same where the metadata alone is asked for. Only what is large by itself is kept. */
  *readMetadata(): Steps<void> {
    if (this.#object || this.#decoded || this.#metadata || !this.#stored) return;
    const bytes = metadataIn(this.bytes);
    if (!isLarge(bytes.length)) return;
    const metadata = (yield* parseJsonInSteps(bytes.toString('utf8'))) as unknown as ObjectMeta;
    yield* freezeInSteps(metadata);
    if (this.#stored) this.#metadata = metadata;
  }

  get labels(): Labels {
    this.#labels ??= this.metadata.labels ?? noLabels;
    return this.#labels;
  }

  /** A field of its version that selectors may ask for, read once. */
  field(name: string, read: () => string): string {
    this.#fields ??= new Map();
    return this.#fields.getOrInsertComputed(name, read);
  }

  /** It in the version `apiVersion`, where that is kept. */
  view(apiVersion: string): CacheEntry | undefined {
    return this.#views?.get(apiVersion)?.entry;
  }

  /** Keeps a view as long as this is what is stored, and not at all once it is not. */
  keepView(entry: CacheEntry, dropped: () => void): boolean {
    if (!this.#stored) return false;
    this.dropView(entry.storedAs);
    this.#views ??= new Map();
    this.#views.set(entry.storedAs, { entry, dropped });
    return true;
  }

  dropView(apiVersion: string): void {
    const view = this.#views?.get(apiVersion);
    this.#views?.delete(apiVersion);
    view?.dropped();
  }

  /** The bytes for `form` (a media type), made once. */
  representation(form: string, make: () => Buffer): Buffer {
    if (!this.#stored) return make();
    this.#representations ??= new Map();
    return this.#representations.getOrInsertComputed(form, make);
  }

  /** Those bytes, where they are there. */
  represented(form: string): Buffer | undefined {
    return this.#representations?.get(form);
  }

  /**
   * It is no longer what is stored. Its bytes and what selectors ask for stay, for watches that begin in the past; the rest, many
   * times as large, is let go and made anew for each who still asks.
   */
  retire(): void {
    if (this.#object) this.#labels ??= this.#object.metadata.labels ?? noLabels;
    this.#stored = false;
    this.#decoded = undefined;
    this.#object = undefined;
    this.#metadata = undefined;
    this.#representations = undefined;
    for (const { dropped } of this.#views?.values() ?? []) dropped();
    this.#views = undefined;
  }
}
