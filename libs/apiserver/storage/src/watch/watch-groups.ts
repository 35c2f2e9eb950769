import { type CacheEntry, type ObjectForm, reading, type WatchForm } from '@kubernest/apiserver/codec';
import type { Steps } from '@kubernest/meta';
import type { CacheEvent } from '../cache/resource-cache.ts';
import type { Selection, Watcher } from './watcher.ts';

const EVENTS_A_STEP = 64;

/** The one value of a field that a selection is about: what has another never concerns it. */
export interface Pin {
  /** Which field of which kind: equal where `read` reads the same. */
  readonly by: string;
  readonly value: string;
  /** It stands within the object, which has to be read. */
  readonly looksInside: boolean;
  read(entry: CacheEntry): string;
}

/** All who watch the same in the same form. */
export interface Group {
  readonly form: WatchForm | ObjectForm;
  readonly selection: Selection;
  readonly watchers: Set<Watcher>;
}

interface Pinned extends Pick<Pin, 'read' | 'looksInside'> {
  readonly byValue: Map<string, Set<Group>>;
}

/** The groups of one audience: those with a pin are found by its value, so that a thousand nodes are not asked of every pod. */
export class WatchGroups {
  readonly #byKey = new Map<string, Group>();
  readonly #unpinned = new Set<Group>();
  readonly #pinned = new Map<string, Pinned>();
  /** Those that came while it was held. */
  #late: Map<string, Group> | undefined;

  get size(): number {
    return this.#byKey.size;
  }

  get all(): readonly Group[] {
    return [...this.#byKey.values()];
  }

  /** The group of that key, which `make` makes if there is none. */
  enter(key: string, make: () => Group): Group {
    const known = this.#byKey.get(key);
    if (known) return known;
    const group = make();
    this.#byKey.set(key, group);
    if (this.#late) this.#late.set(key, group);
    else this.#index(group);
    return group;
  }

  /**
   * What is now on its way is for the groups that there are now. Those that come later have seen all of it, and it may not be in the
   * version that they look for.
   */
  deferNew(): void {
    this.#late ??= new Map();
  }

  indexDeferred(): void {
    for (const group of this.#late?.values() ?? []) this.#index(group);
    this.#late = undefined;
  }

  #index(group: Group): void {
    const { pin } = group.selection;
    if (pin)
      this.#pinnedBy(pin)
        .getOrInsertComputed(pin.value, () => new Set())
        .add(group);
    else this.#unpinned.add(group);
  }

  /** Once nobody is in the group any more. */
  leave(key: string, group: Group): void {
    if (this.#byKey.get(key) !== group) return;
    this.#byKey.delete(key);
    this.#late?.delete(key);
    this.#unpinned.delete(group);
    const { pin } = group.selection;
    const pinned = pin && this.#pinned.get(pin.by);
    const same = pinned?.byValue.get(pin!.value);
    if (!pinned || !same?.delete(group) || same.size > 0) return;
    pinned.byValue.delete(pin.value);
    if (pinned.byValue.size === 0) this.#pinned.delete(pin.by);
  }

  /** Which events each group has to look at, in their order. */
  *concerned(events: readonly CacheEvent[]): Steps<ReadonlyMap<Group, readonly CacheEvent[]>> {
    const found = new Map<Group, readonly CacheEvent[]>();
    for (const group of this.#unpinned) found.set(group, events);
    const ofPins = new Map<Group, CacheEvent[]>();
    for (const pinned of this.#pinned.values())
      for (const [i, event] of events.entries()) {
        if (i % EVENTS_A_STEP === EVENTS_A_STEP - 1) yield;
        if (pinned.looksInside) yield* reading(event.entry);
        for (const group of groupsOf(pinned, event)) ofPins.getOrInsertComputed(group, () => []).push(event);
      }
    for (const [group, own] of ofPins) found.set(group, own);
    return found;
  }

  #pinnedBy({ by, read, looksInside }: Pin): Map<string, Set<Group>> {
    return this.#pinned.getOrInsertComputed(by, () => ({ read, looksInside, byValue: new Map() })).byValue;
  }
}

/** Those whose value the object has, or had before. */
function groupsOf({ read, byValue }: Pinned, { entry, old }: CacheEvent): Iterable<Group> {
  const now = read(entry);
  const ofNow = byValue.get(now) ?? [];
  const before = old ? read(old) : now;
  const ofBefore = before === now ? undefined : byValue.get(before);
  return ofBefore ? [...ofNow, ...ofBefore] : ofNow;
}
