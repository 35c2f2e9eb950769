import type { ObjectReader } from '@kubernest/apiserver/engine';
import type { APIService } from '@kubernest/kinds';
import { type Backend, backendOf } from './backend.ts';

const ref = { group: 'apiregistration.k8s.io', resource: 'apiservices' };

/** How discovery orders groups and versions; the highest comes first. */
export interface Priority {
  readonly group: number;
  readonly version: number;
}

type Follower = (change: { readonly now: Backend | undefined; readonly before: Backend | undefined }) => void;

/** Which group-versions belong to other servers, by the APIServices there are. Empty until it follows them. */
export class Backends {
  readonly #byName = new Map<string, Backend>();
  readonly #byGroup = new Map<string, Map<string, Backend>>();
  readonly #priorities = new Map<string, Priority>();

  /** Asked for every request: one look into a map where the group is ours alone. */
  find(group: string, version: string): Backend | undefined {
    return this.#byGroup.get(group)?.get(version);
  }

  all(): readonly Backend[] {
    return [...this.#byName.values()];
  }

  /** Undefined where no APIService names the group-version (yet). */
  priorityOf(group: string, version: string): Priority | undefined {
    return this.#priorities.get(`${version}.${group}`);
  }

  /** Keeps them as the APIServices say, and tells of each that comes, changes or goes. Returns the unsubscribe. */
  follow(read: Pick<ObjectReader, 'list' | 'subscribe'>, onChange: Follower): () => void {
    const take = (name: string, object: APIService | undefined): void => {
      const before = this.#byName.get(name);
      const now = object && backendOf(object);
      this.#rank(name, object);
      if (before) this.#forget(before);
      if (now) this.#keep(now);
      onChange({ now, before });
    };
    const leave = read.subscribe(ref, ({ object, old }) => {
      const name = (object ?? old)?.metadata.name;
      if (name !== undefined) take(name, object as APIService | undefined);
    });
    for (const object of read.list<APIService>(ref)) take(object.metadata.name!, object);
    return leave;
  }

  #rank(name: string, object: APIService | undefined): void {
    if (!object?.spec) this.#priorities.delete(name);
    else this.#priorities.set(name, { group: object.spec.groupPriorityMinimum, version: object.spec.versionPriority });
  }

  #keep(backend: Backend): void {
    const { name, group, version } = backend;
    this.#byName.set(name, backend);
    this.#byGroup.getOrInsertComputed(group, () => new Map()).set(version, backend);
  }

  #forget({ name, group, version }: Backend): void {
    this.#byName.delete(name);
    const versions = this.#byGroup.get(group);
    versions?.delete(version);
    if (versions?.size === 0) this.#byGroup.delete(group);
  }
}
