import { deepFreeze, type KubeObject } from '@kubernest/meta';

/** One stored object at one revision: its bytes once, decoded only when somebody looks inside. Never changed after it was made. */
export class CacheEntry {
  #object: KubeObject | undefined;
  #representations: Map<string, Buffer> | undefined;
  #objects: Map<string, KubeObject> | undefined;

  constructor(
    /** The store's key. */
    readonly key: string,
    readonly revision: number,
    /** The stored JSON with its resource version in place. */
    readonly bytes: Buffer,
    /** Empty for what lives in no namespace. */
    readonly namespace: string,
    readonly name: string,
  ) {}

  /** The object in its stored form, frozen. */
  get object(): KubeObject {
    this.#object ??= deepFreeze(JSON.parse(this.bytes.toString('utf8')) as KubeObject);
    return this.#object;
  }

  get labels(): Readonly<Record<string, string>> | undefined {
    return this.object.metadata.labels;
  }

  /** What `make` gave for `form` (a version's object), made once. */
  objectAs(form: string, make: () => KubeObject): KubeObject {
    this.#objects ??= new Map();
    let object = this.#objects.get(form);
    if (!object) {
      object = deepFreeze(make());
      this.#objects.set(form, object);
    }
    return object;
  }

  /** The bytes for `form` (media type and version), made once. */
  representation(form: string, make: () => Buffer): Buffer {
    this.#representations ??= new Map();
    let bytes = this.#representations.get(form);
    if (!bytes) {
      bytes = make();
      this.#representations.set(form, bytes);
    }
    return bytes;
  }
}
