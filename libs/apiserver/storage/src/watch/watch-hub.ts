import { makingLarge, type ObjectForm, reading, TURN_MS, type WatchForm } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import type { Steps } from '@kubernest/meta';
import type { CacheEvent } from '../cache/resource-cache.ts';
import type { Resource } from '../catalog/resource.ts';
import { finished, withoutWaiting } from '../views/converting.ts';
import type { Views } from '../views/views.ts';
import { Audience, isInVersion, type Run } from './audience.ts';
import type { Group } from './watch-groups.ts';
import { type SeenEvent, type Selection, seenBy, type Watcher } from './watcher.ts';

export interface Membership {
  leave(): void;
  /** It has not yet got all that has been published. */
  isBehind(): boolean;
}

export interface Batch {
  /** Of storage. */
  readonly prefix: string;
  readonly events: readonly CacheEvent[];
  readonly over: Publication['over'];
}

/** What a run of conversions is for. */
interface Converted {
  readonly audience: Audience;
  readonly run: Run;
}

/** Events on their way to the watchers of a storage prefix. */
interface Publication {
  readonly steps: Steps<void>;
  /** Called when all have them or nobody is to get them any more, with what went wrong if anything did. */
  over(fault?: unknown): void;
}

/** So much is written before others get a turn, and so much a write counts for besides its bytes. */
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
  /** By storage prefix. */
  readonly #audiences = new Map<string, Set<Audience>>();
  /** The first is under way. */
  #waiting: Publication[] = [];
  #writtenInTurn = 0;

  constructor(private readonly views: Views) {}

  get size(): number {
    return this.#all().reduce((size, { watchers }) => size + watchers.length, 0);
  }

  join(selection: Selection, form: WatchForm | ObjectForm, watcher: Watcher): Membership {
    const { resource } = selection;
    const inVersion = isInVersion(selection, form);
    const near = this.#audiences.getOrInsertComputed(resource.prefix, () => new Set());
    const audience =
      near.values().find((each) => each.resource === resource && each.inVersion === inVersion) ??
      new Audience(resource, inVersion);
    near.add(audience);
    const key = `${'key' in form ? form.key : `objects ${form.reads}`}|${selection.key}`;
    const group = audience.groups.enter(key, () => ({ form, selection, watchers: new Set<Watcher>() }));
    group.watchers.add(watcher);
    const leave = (): void => {
      group.watchers.delete(watcher);
      if (group.watchers.size > 0) return;
      audience.groups.leave(key, group);
      if (audience.groups.size === 0) near.delete(audience);
    };
    return { leave, isBehind: () => this.isBehind || audience.isConverting };
  }

  publish({ prefix, events, over }: Batch, ctx: Context): void {
    this.#enter({ steps: this.#publishing(prefix, events, ctx), over });
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

  *#publishing(prefix: string, events: readonly CacheEvent[], ctx: Context): Steps<void> {
    for (const audience of [...(this.#audiences.get(prefix) ?? [])]) {
      if (audience.inVersion) yield* this.#publishingInVersion(audience, events, ctx);
      else yield* this.#publishingToAll(audience, events);
    }
  }

  *#publishingToAll({ groups }: Audience, events: readonly CacheEvent[]): Steps<void> {
    for (const [group, own] of yield* groups.concerned(events)) yield* this.#publishingTo(group, own);
  }

  /** Here, as long as there is nothing to wait for; else it goes on beside the delivery to all others. */
  *#publishingInVersion(audience: Audience, events: readonly CacheEvent[], ctx: Context): Steps<void> {
    if (audience.isConverting) return audience.add(events, ctx);
    const run = audience.begin();
    try {
      const made = yield* withoutWaiting(audience.converting(this.views, events, ctx));
      if ('later' in made) {
        void this.#publishingLater({ audience, run }, made.later, ctx);
        return;
      }
      events = made.value;
    } catch (fault) {
      if (audience.isOn(run)) audience.fail(fault, ctx);
      return;
    }
    yield* this.#publishingToAll(audience, events);
    if (audience.isOn(run)) audience.finishConverting();
  }

  /** In order, batch by batch, until nothing waits any more or its watches were told to begin anew. Never rejects. */
  async #publishingLater(
    { audience, run }: Converted,
    first: Promise<readonly CacheEvent[]>,
    ctx: Context,
  ): Promise<void> {
    try {
      for (let made = await first; audience.isOn(run); ) {
        const events = made;
        await new Promise<void>((resolve, reject) => {
          const over = (fault?: unknown): void => (fault === undefined ? resolve() : reject(fault));
          this.#enter({ steps: this.#publishingToAll(audience, events), over });
        });
        if (!audience.isOn(run)) return;
        const next = audience.next();
        // Within this turn of the event loop: what comes in a later one would wait for nobody.
        if (next.length === 0) return audience.finishConverting();
        made = await finished(audience.converting(this.views, next, ctx));
      }
    } catch (fault) {
      if (audience.isOn(run)) audience.fail(fault, ctx);
    }
  }

  *#publishingTo({ form, selection, watchers }: Group, events: readonly CacheEvent[]): Steps<void> {
    const seen: SeenEvent[] = [];
    const reads = selection.unfiltered ? form.reads : 'object';
    let size = BYTES_OF_WRITE;
    for (const [i, event] of events.entries()) {
      if (i % EVENTS_A_STEP === EVENTS_A_STEP - 1) yield;
      yield* reading(event.entry, reads);
      const one = seenBy(selection, event);
      if (!one) continue;
      if ('key' in form) yield* makingLarge(form, one.entry);
      seen.push(one);
      size += one.entry.bytes.length;
    }
    yield;
    if (seen.length === 0) return;
    let bytes: Buffer | undefined;
    const encoded = (): Buffer =>
      (bytes ??= Buffer.concat(seen.map(({ type, entry }) => (form as WatchForm).event(type, entry))));
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

  /** All up to `revision` has been published. Not while some do not have it yet. */
  bookmarkAll(revision: number): void {
    if (!this.isBehind) this.#enter({ steps: this.#bookmarking(revision), over: rethrow });
  }

  /** What is published meanwhile is delivered after it, and does not count as had. */
  *#bookmarking(revision: number): Steps<void> {
    for (const { isConverting, watchers } of this.#all()) {
      if (isConverting) continue;
      for (const watcher of watchers) {
        watcher.bookmark(revision);
        yield;
      }
    }
  }

  expireAll(): void {
    const dropped = this.#waiting;
    this.#waiting = [];
    for (const audience of this.#all()) audience.expire();
    for (const { over } of dropped) over();
  }

  /** Ends the watches of what is served no longer, after what has been published so far. */
  close(gone: readonly Resource[]): void {
    this.#enter({ steps: this.#closing(gone), over: rethrow });
  }

  *#closing(gone: readonly Resource[]): Steps<void> {
    for (const resource of gone)
      for (const audience of [...(this.#audiences.get(resource.prefix) ?? [])])
        if (audience.resource === resource) yield* audience.closing();
  }

  #all(): readonly Audience[] {
    return [...this.#audiences.values()].flatMap((near) => [...near]);
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
