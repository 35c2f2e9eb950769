import type { CacheEntry, Form } from '@kubernest/apiserver/codec';
import { type Context, messageOf } from '@kubernest/kit';
import type { Steps } from '@kubernest/meta';
import type { CacheEvent } from '../cache/resource-cache.ts';
import type { Resource } from '../catalog/resource.ts';
import type { Converting } from '../views/converting.ts';
import { BATCH, type Views } from '../views/views.ts';
import { addNeeded, eventsInVersion } from './events-in-version.ts';
import { WatchGroups } from './watch-groups.ts';
import type { Selection, Watcher } from './watcher.ts';

/** So much waits for a converter; then changes come faster than it converts them, and those who watch had better begin anew. */
const MOST_WAITING_BYTES = 32 * 1024 * 1024;

/** Whether a watch is given events in the version of its resource, or as they are stored. */
export const isInVersion = ({ resource, readsVersion }: Selection, form: Pick<Form, 'reads'>): boolean =>
  resource.definition.storage !== undefined && (form.reads !== 'metadata' || readsVersion);

/** Marks what is converted from the first event that comes until none is pending. */
export type Run = symbol;

/** All who watch one version of a kind, in that version or in whatever it is stored. */
export class Audience {
  readonly groups = new WatchGroups();
  /** What is being converted now; what an abandoned run brings is for nobody. */
  #run: Run | undefined;
  /** Its resource is served no longer: once pending events are delivered, its watches end. */
  #isClosing = false;
  #waiting: CacheEvent[] = [];
  #bytes = 0;

  constructor(
    readonly resource: Resource,
    readonly inVersion: boolean,
  ) {}

  get watchers(): readonly Watcher[] {
    return this.groups.all.flatMap(({ watchers }) => [...watchers]);
  }

  /** Something is being converted for them; what comes meanwhile waits, so that it stays in order. */
  get isConverting(): boolean {
    return this.#run !== undefined;
  }

  begin(): Run {
    const run: Run = Symbol('run');
    this.#run = run;
    this.groups.deferNew();
    return run;
  }

  /** False once its watches were told to begin anew. */
  isOn(run: Run): boolean {
    return this.#run === run;
  }

  add(events: readonly CacheEvent[], ctx: Context): void {
    for (const event of events) {
      this.#waiting.push(event);
      this.#bytes += event.entry.bytes.length;
    }
    if (this.#bytes > MOST_WAITING_BYTES) this.fail(new Error('changes come faster than they are converted'), ctx);
  }

  /** The oldest of those that wait, as many as are converted at once. */
  next(): readonly CacheEvent[] {
    this.groups.indexDeferred();
    this.groups.deferNew();
    const events = this.#waiting.splice(0, BATCH);
    for (const { entry } of events) this.#bytes -= entry.bytes.length;
    return events;
  }

  /** What they see of the events, in the resource's version. */
  *converting(views: Views, events: readonly CacheEvent[], ctx: Context): Converting<readonly CacheEvent[]> {
    const needed = yield* this.#needed(events);
    return yield* eventsInVersion(views, { resource: this.resource, events, needed }, ctx);
  }

  *#needed(events: readonly CacheEvent[]): Steps<ReadonlySet<CacheEntry>> {
    const needed = new Set<CacheEntry>();
    const readVersion = this.groups.all.find(({ selection }) => selection.readsVersion);
    if (readVersion) addNeeded(needed, readVersion.selection, events);
    else
      for (const [{ selection }, own] of yield* this.groups.concerned(events)) {
        addNeeded(needed, selection, own);
        yield;
      }
    return needed;
  }

  /** No event is pending any more. */
  finishConverting(): void {
    this.#run = undefined;
    this.groups.indexDeferred();
    if (this.#isClosing) for (const watcher of this.watchers) watcher.end();
  }

  /** Nobody else is any the wiser. */
  fail(fault: unknown, ctx: Context): void {
    this.#forget();
    const { watchers, resource } = this;
    if (watchers.length === 0 || ctx.signal.aborted) return;
    const { apiVersion, definition } = resource;
    const error = messageOf(fault);
    ctx.log.warn('watches end: what changed cannot be converted', { resource: definition.plural, apiVersion, error });
    for (const watcher of watchers) watcher.fail(fault);
  }

  expire(): void {
    this.#forget();
    for (const watcher of this.watchers) watcher.expire();
  }

  *closing(): Steps<void> {
    this.#isClosing = this.isConverting;
    if (this.#isClosing) return;
    for (const watcher of this.watchers) {
      watcher.end();
      yield;
    }
  }

  #forget(): void {
    this.#waiting = [];
    this.#bytes = 0;
    this.#run = undefined;
    this.groups.indexDeferred();
  }
}
