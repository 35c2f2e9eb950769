import type { Steps } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { CacheEvent } from '../cache/resource-cache.ts';
import { versionIn } from '../cache/stored-bytes.ts';
import type { Resource } from '../catalog/resource.ts';
import type { EventType, WatchForm } from '../codec/form.ts';
import { reading } from '../codec/parts.ts';
import { TURN_MS } from '../write/pace.ts';
import { type Group, type Pin, WatchGroups } from './watch-groups.ts';

/** What a watcher wants to see of a resource. */
export interface Selection {
  /** Of which version of which kind. */
  readonly resource: Resource;
  /** Equal keys select the same objects. */
  readonly key: string;
  /** What it selects has this value; absent where no one value is asked for. */
  readonly pin?: Pin | undefined;
  /** Nothing that stands within an object narrows it. */
  readonly unfiltered?: boolean;
  matches(entry: CacheEntry): boolean;
}

export interface SeenEvent {
  readonly type: EventType;
  readonly entry: CacheEntry;
}

/** The event as `selection` sees it: entering is ADDED, leaving is DELETED, outside is nothing. */
export function seenBy(selection: Selection, event: CacheEvent): SeenEvent | undefined {
  const { entry, old, type } = event;
  if (type === 'DELETED') return selection.matches(entry) ? { type, entry } : undefined;
  const now = selection.matches(entry);
  const before = old !== undefined && selection.matches(old);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', entry };
  // Under the version of the change that took it out of the selection.
  return before ? { type: 'DELETED', entry: old.under(entry.revision, versionIn(entry.bytes)) } : undefined;
}

/** One open watch, as the hub sees it. */
export interface Watcher {
  /** Events after those it has seen; `bytes` are theirs in its form, made once for all who share it. Never waits. */
  deliver(events: readonly SeenEvent[], bytes: () => Buffer): void;
  /** Time to say how far the watch has come, to those who asked for it. */
  bookmark(): void;
  /** The history broke off. */
  expire(): void;
  /** What it watches is served no longer, or otherwise. */
  end(): void;
}

/** Events on their way to the watchers of a storage prefix. */
interface Publication {
  readonly steps: Steps<void>;
  /** Called when all have them or nobody is to get them any more, with what went wrong if anything did. */
  over(fault?: unknown): void;
}

/** So much is written before there is a place to rest, and so much a write counts for besides its bytes. */
const BYTES_A_STEP = 64 * 1024;
const BYTES_OF_WRITE = 4 * 1024;
const EVENTS_A_STEP = 16;
/** So much is written in a turn: what encrypting it takes comes at the turn's end, where no clock of ours sees it. */
const BYTES_A_TURN = 2 * 1024 * 1024;
/** More publications than these do not wait for others' turns: then events come faster than they can be written. */
const MOST_WAITING = 256;

/**
 * Serves all watchers of the same thing together: an event is encoded once per form, and a batch is one write per watcher. Where that
 * takes long (many watchers, large events, dear selectors), others get their turn meanwhile; each watcher still sees all in order.
 */
export class WatchHub {
  readonly #groups = new Map<string, WatchGroups>();
  /** The first is under way. */
  #waiting: Publication[] = [];
  #writtenInTurn = 0;

  get size(): number {
    let size = 0;
    for (const groups of this.#groups.values()) for (const { watchers } of groups.all) size += watchers.size;
    return size;
  }

  /** `form` is absent for watchers that take objects. Returns the way to leave. */
  join(prefix: string, selection: Selection, form: WatchForm | undefined, watcher: Watcher): () => void {
    const groups = this.#groups.getOrInsertComputed(prefix, () => new WatchGroups());
    const key = `${form?.key ?? 'objects'}|${selection.key}`;
    const group = groups.enter(key, () => ({ form, selection, watchers: new Set<Watcher>() }));
    group.watchers.add(watcher);
    return () => {
      group.watchers.delete(watcher);
      if (group.watchers.size === 0) groups.leave(key, group);
    };
  }

  publish(prefix: string, events: readonly CacheEvent[], over: Publication['over'] = rethrow): void {
    this.#enter({ steps: this.#publishing(prefix, events), over });
  }

  #enter(publication: Publication): void {
    this.#waiting.push(publication);
    if (this.#waiting.length === 1) this.#work();
  }

  /** Some watchers have not yet got what has been published. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  #work(): void {
    const until = performance.now() + TURN_MS;
    this.#writtenInTurn = 0;
    const isTurnOver = () =>
      this.#waiting.length < MOST_WAITING && (this.#writtenInTurn > BYTES_A_TURN || performance.now() > until);
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (!finish(next, isTurnOver)) {
        setImmediate(() => this.#work());
        return;
      }
      if (this.#waiting[0] === next) this.#waiting.shift();
    }
  }

  *#publishing(prefix: string, events: readonly CacheEvent[]): Steps<void> {
    const groups = this.#groups.get(prefix);
    if (!groups) return;
    for (const [group, own] of yield* groups.concerned(events)) yield* this.#publishingTo(group, own);
  }

  *#publishingTo({ form, selection, watchers }: Group, events: readonly CacheEvent[]): Steps<void> {
    const seen: SeenEvent[] = [];
    const looksInside = !selection.unfiltered || (form?.looksInside ?? true);
    let size = BYTES_OF_WRITE;
    for (const [i, event] of events.entries()) {
      if (i % EVENTS_A_STEP === EVENTS_A_STEP - 1) yield;
      if (looksInside) yield* reading(event.entry);
      const one = seenBy(selection, event);
      if (!one) continue;
      seen.push(one);
      size += one.entry.bytes.length;
    }
    yield;
    if (seen.length === 0) return;
    let bytes: Buffer | undefined;
    const encoded = (): Buffer => (bytes ??= Buffer.concat(seen.map(({ type, entry }) => form!.event(type, entry))));
    let written = 0;
    // Who joins meanwhile has seen what this tells, and knows it by its revision.
    for (const watcher of watchers) {
      watcher.deliver(seen, encoded);
      written += size;
      if (written < BYTES_A_STEP) continue;
      this.#writtenInTurn += written;
      written = 0;
      yield;
    }
  }

  /** Not while some do not have all that it says they have. */
  bookmarkAll(): void {
    if (!this.isBehind) for (const watcher of this.#all()) watcher.bookmark();
  }

  expireAll(): void {
    const dropped = this.#waiting;
    this.#waiting = [];
    for (const watcher of this.#all()) watcher.expire();
    for (const { over } of dropped) over();
  }

  /** Ends the watches of what is served no longer, after what has been published so far. */
  close(gone: readonly Resource[]): void {
    this.#enter({ steps: this.#closing(gone), over: rethrow });
  }

  *#closing(gone: readonly Resource[]): Steps<void> {
    for (const resource of gone)
      for (const { selection, watchers } of this.#groups.get(resource.prefix)?.all ?? [])
        if (selection.resource === resource)
          for (const watcher of [...watchers]) {
            watcher.end();
            yield;
          }
  }

  #all(): Watcher[] {
    return [...this.#groups.values()].flatMap(({ all }) => all.flatMap(({ watchers }) => [...watchers]));
  }
}

/** Has it come to its end, well or not? */
function finish({ steps, over }: Publication, isTurnOver: () => boolean): boolean {
  try {
    while (!steps.next().done) if (isTurnOver()) return false;
    over();
  } catch (fault) {
    over(fault);
  }
  return true;
}

function rethrow(fault?: unknown): void {
  if (fault !== undefined) throw fault;
}
