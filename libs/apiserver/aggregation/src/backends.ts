import type { ObjectReader } from '@kubernest/apiserver/contract';
import type { APIService } from '@kubernest/kinds';
import { type Backend, backendOf } from './backend.ts';

const ref = { group: 'apiregistration.k8s.io', resource: 'apiservices' };

/** How discovery orders groups and versions; the highest comes first. */
export interface Priority {
  readonly group: number;
  readonly version: number;
}

type Follower = (change: {
  readonly now: Backend | undefined;
  readonly before: Backend | undefined;
  /** Discovery has another order. */
  readonly isReordered: boolean;
}) => void;

/** Which group-versions belong to other servers, by the APIServices there are. Empty until it follows them. */
export class Backends {
  readonly #byName = new Map<string, Backend>();
  readonly #byGroup = new Map<string, Map<string, Backend>>();
  readonly #priorities = new Map<string, Priority>();

  /** Asked for every request: one look into a map where the group is ours alone. */
  find(group: string, version: string): Backend | undefined {
    return this.#byGroup.get(group)?.get(version);
  }

  /** By APIService (`v1.apps`), those of this server too; none where nobody has made it yet. */
  priorities(): ReadonlyMap<string, Priority> {
    return new Map(this.#priorities);
  }

  /** Keeps them as the APIServices say, and tells of each that comes, changes or goes. Returns the unsubscribe. */
  follow(read: Pick<ObjectReader, 'list' | 'subscribe'>, onChange: Follower): () => void {
    const take = (name: string, object: APIService | undefined): void => {
      const before = this.#byName.get(name);
      const now = object && backendOf(object);
      const isReordered = this.#rank(name, object);
      if (before) this.#forget(before);
      if (now) this.#keep(now);
      onChange({ now, before, isReordered });
    };
    const leave = read.subscribe(ref, ({ object, old }) => {
      const name = (object ?? old)?.metadata.name;
      if (name !== undefined) take(name, object as APIService | undefined);
    });
    for (const object of read.list<APIService>(ref)) take(object.metadata.name!, object);
    return leave;
  }

  #rank(name: string, object: APIService | undefined): boolean {
    if (!object?.spec) return this.#priorities.delete(name);
    const { groupPriorityMinimum: group, versionPriority: version } = object.spec;
    const before = this.#priorities.get(name);
    this.#priorities.set(name, { group, version });
    return before?.group !== group || before.version !== version;
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
