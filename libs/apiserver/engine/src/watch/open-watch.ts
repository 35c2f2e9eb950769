import type { Context } from '@kubernest/kit';
import { expired, type KubeObject, type Status, type WatchEvent } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { CacheEvent } from '../cache/resource-cache.ts';
import type { Resource } from '../catalog/resource.ts';
import type { WatchForm } from '../codec/form.ts';
import { bookmarkObject, type ObjectForm } from '../codec/object-form.ts';
import { reading } from '../codec/parts.ts';
import type { WatchResponse, WatchSink } from '../contract/index.ts';
import { cacheOf, type Engine } from '../engine.ts';
import { reach } from '../verbs/get.ts';
import { checkWatchQuery, type ListQuery } from '../verbs/list-options.ts';
import type { ResourceSelection } from '../verbs/selection.ts';
import { breathe, TURN_MS } from '../write/pace.ts';
import { type SeenEvent, seenBy, type Watcher } from './watch-hub.ts';

/** As Kubernetes spreads them: 30 to 60 minutes. */
const DEFAULT_SECONDS = () => 1800 + Math.floor(Math.random() * 1800);
/** So much a watch is given at once of what it begins with. */
const INITIAL_BYTES = 256 * 1024;

export interface WatchCall {
  readonly engine: Engine;
  readonly resource: Resource;
  readonly selection: ResourceSelection;
  readonly query: ListQuery;
  readonly form: WatchForm | ObjectForm;
}

/** Where a watch begins: with what is there, or after a revision. */
type Beginning = { readonly state: true } | { readonly after: number };

/** Answers a watch. What can be refused is refused before anything is streamed, except 410, which is an event as Kubernetes does. */
export async function openWatch(call: WatchCall, ctx: Context): Promise<WatchResponse> {
  const { engine, query, form } = call;
  checkWatchQuery(query);
  const beginning = await begin(engine, query, ctx);
  return {
    kind: 'watch',
    status: 200,
    headers: { 'content-type': streamed(form)?.watchContentType ?? 'application/json' },
    run: (sink, runCtx) => new WatchRun(call, sink).run(beginning, runCtx),
  };
}

async function begin(engine: Engine, query: ListQuery, ctx: Context): Promise<Beginning> {
  const { resourceVersion, sendInitialEvents } = query;
  const withState = sendInitialEvents ?? (resourceVersion === '' || resourceVersion === '0');
  if (withState) {
    await reach(engine, resourceVersion, ctx);
    return { state: true };
  }
  if (resourceVersion === '') await reach(engine, '', ctx);
  const after =
    resourceVersion === '' || resourceVersion === '0' ? engine.cache.revision : engine.versions.parse(resourceVersion);
  return { after };
}

/** Absent for callers that take objects. */
const streamed = (form: WatchForm | ObjectForm): WatchForm | undefined => ('type' in form ? undefined : form);

/** What is there, as a watch begins with it. */
function* stateOf(
  { selection, form }: WatchCall,
  range: readonly CacheEntry[],
): Generator<SeenEvent | undefined, undefined> {
  for (const entry of selection.among(range)) {
    if (entry) yield* reading(entry, form.reads);
    yield entry && { type: 'ADDED', entry };
  }
}

function* changesOf(
  { selection, form }: WatchCall,
  events: readonly CacheEvent[],
): Generator<SeenEvent | undefined, undefined> {
  const reads = selection.unfiltered ? form.reads : 'object';
  for (const event of events) {
    yield* reading(event.entry, reads);
    yield seenBy(selection, event);
  }
}

class WatchRun implements Watcher {
  #leave: () => void = () => {};
  #end: () => void = () => {};
  #over = Promise.resolve();
  /** Events at and below were seen or not asked for. */
  #after = 0;
  #ended = false;
  /** All that was there when it began has been sent. */
  #isCurrent = false;

  #form: WatchForm | undefined;

  constructor(
    private readonly call: WatchCall,
    private readonly sink: WatchSink,
  ) {
    this.#form = streamed(call.form);
  }

  async run(beginning: Beginning, ctx: Context): Promise<void> {
    this.#over = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    const { query } = this.call;
    const cancelTimer = ctx.clock.after((query.timeoutSeconds || DEFAULT_SECONDS()) * 1000, () => this.#timeUp());
    const onAbort = () => this.#finish();
    ctx.signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (!ctx.signal.aborted) await this.#begin(beginning);
      if (!ctx.signal.aborted && !this.#ended) await this.#over;
    } finally {
      this.#leave();
      cancelTimer();
      ctx.signal.removeEventListener('abort', onAbort);
    }
  }

  async #begin(beginning: Beginning): Promise<void> {
    const { engine, resource, selection, form } = this.call;
    // Those who are already there get what is due first, so that this one begins exactly at the cache's revision.
    engine.cache.flush();
    const cache = cacheOf(engine, resource);
    if ('state' in beginning) {
      const revision = engine.cache.revision;
      await this.#sendAll(stateOf(this.call, cache.range(selection.keyPrefix)));
      if (this.call.query.sendInitialEvents && !this.#ended) this.#bookmark(revision, true);
      // Changes that came while the state was sent; none are lost because the history reaches back further than one list takes.
      this.#after = revision;
    } else this.#after = beginning.after;
    // Others may have had their turn while these were sent, and have changed something.
    for (;;) {
      if (this.#ended) return;
      engine.cache.flush();
      const revision = Math.max(this.#after, engine.cache.revision);
      if (this.#after === revision) break;
      const missed = cache.since(this.#after);
      if (!missed) return this.expire();
      await this.#sendAll(changesOf(this.call, missed));
      this.#after = revision;
    }
    if (!engine.catalog.current.serves(resource)) return this.#finish();
    this.#isCurrent = true;
    this.#leave = engine.hub.join(resource.prefix, selection, streamed(form)?.later ?? streamed(form), this);
  }

  /** As fast as they are read, with turns for others. */
  async #sendAll(events: Iterable<SeenEvent | undefined>): Promise<void> {
    let due: SeenEvent[] = [];
    let bytes = 0;
    let until = performance.now() + TURN_MS;
    for (const event of events) {
      if (event) {
        due.push(event);
        bytes += event.entry.bytes.length;
      }
      const isFull = bytes > INITIAL_BYTES;
      if (!isFull && performance.now() < until) continue;
      if (due.length > 0) this.#send(due);
      [due, bytes] = [[], 0];
      if (isFull) await Promise.race([this.sink.drained?.(), this.#over]);
      await breathe();
      if (this.#ended) return;
      until = performance.now() + TURN_MS;
    }
    if (due.length > 0) this.#send(due);
  }

  deliver(events: readonly SeenEvent[], bytes: () => Buffer): void {
    const late = events[0]!.entry.revision <= this.#after;
    // A watch that begins in the future skips what lies before it.
    const due = late ? events.filter((event) => event.entry.revision > this.#after) : events;
    if (due.length === 0) return;
    const alike = this.#form?.later === undefined;
    if (late || !alike || !this.sink.writeBytes) this.#send(due);
    else if (!this.sink.writeBytes(bytes())) this.#finish();
  }

  #send(events: readonly SeenEvent[]): void {
    const { form } = this.call;
    if ('type' in form) {
      const objects = events.map(({ type, entry }): WatchEvent => ({ type, object: form.one(entry) }));
      if (!this.sink.writeEvents!(objects)) this.#finish();
      return;
    }
    const bytes = Buffer.concat(events.map(({ type, entry }) => this.#nextForm().event(type, entry)));
    if (!this.sink.writeBytes!(bytes)) this.#finish();
  }

  #nextForm(): WatchForm {
    const form = this.#form!;
    this.#form = form.later ?? form;
    return form;
  }

  /** Nothing up to the cache's revision is missing here. */
  bookmark(): void {
    if (this.call.query.allowWatchBookmarks && !this.#ended && this.call.engine.cache.revision >= this.#after) {
      this.#bookmark(this.call.engine.cache.revision, false);
    }
  }

  #bookmark(revision: number, initialEventsEnd: boolean): void {
    const { form, engine } = this.call;
    const resourceVersion = engine.versions.format(revision);
    if ('type' in form)
      this.sink.writeEvents!([{ type: 'BOOKMARK', object: bookmarkObject(form, resourceVersion, initialEventsEnd) }]);
    else this.sink.writeBytes!(this.#nextForm().bookmark(resourceVersion, initialEventsEnd));
  }

  expire(): void {
    const { engine, resource, form } = this.call;
    const [asked, oldest] = [this.#after, cacheOf(engine, resource).historyBegin].map((r) => engine.versions.format(r));
    const status = expired(`too old resource version: ${asked} (${oldest})`).toStatus();
    if ('type' in form) this.sink.writeEvents!([{ type: 'ERROR', object: status as Status as unknown as KubeObject }]);
    else this.sink.writeBytes!(form.failure(status));
    this.#finish();
  }

  end(): void {
    this.#finish();
  }

  #timeUp(): void {
    const { cache, hub } = this.call.engine;
    if (this.#isCurrent) cache.flush();
    if (this.#isCurrent && !hub.isBehind) this.bookmark();
    this.#finish();
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave();
    this.#end();
  }
}
