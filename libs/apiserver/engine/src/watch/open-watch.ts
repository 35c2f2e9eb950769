import type { Context } from '@kubernest/kit';
import { expired, type KubeObject, type Status, type WatchEvent } from '@kubernest/meta';
import type { WatchForm } from '../codec/form.ts';
import type { WatchResponse, WatchSink } from '../contract/index.ts';
import { cacheOf, type Engine } from '../engine.ts';
import type { Resource } from '../resources.ts';
import { reach } from '../verbs/get.ts';
import { checkWatchQuery, type ListQuery } from '../verbs/list-options.ts';
import type { ResourceSelection } from '../verbs/selection.ts';
import { type SeenEvent, seenBy, type Watcher } from './watch-hub.ts';

/** As Kubernetes spreads them: 30 to 60 minutes. */
const DEFAULT_SECONDS = () => 1800 + Math.floor(Math.random() * 1800);
const INITIAL_CHUNK_ENTRIES = 500;

export interface WatchCall {
  readonly engine: Engine;
  readonly resource: Resource;
  readonly selection: ResourceSelection;
  readonly query: ListQuery;
  /** Absent for callers that take objects. */
  readonly form: WatchForm | undefined;
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
    headers: { 'content-type': form?.watchContentType ?? 'application/json' },
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

class WatchRun implements Watcher {
  #leave: () => void = () => {};
  #end: () => void = () => {};
  /** Events at and below were seen or not asked for. */
  #after = 0;
  #ended = false;

  #form: WatchForm | undefined;

  constructor(
    private readonly call: WatchCall,
    private readonly sink: WatchSink,
  ) {
    this.#form = call.form;
  }

  async run(beginning: Beginning, ctx: Context): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    const { query } = this.call;
    const cancelTimer = ctx.clock.after((query.timeoutSeconds || DEFAULT_SECONDS()) * 1000, () => this.#timeUp());
    const onAbort = () => this.#finish();
    ctx.signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (!ctx.signal.aborted) await this.#begin(beginning);
      if (!ctx.signal.aborted && !this.#ended) await ended;
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
      const entries = cache.range(selection.keyPrefix).filter((entry) => selection.matchesSelectors(entry));
      for (let at = 0; at < entries.length && !this.#ended; at += INITIAL_CHUNK_ENTRIES) {
        this.#send(entries.slice(at, at + INITIAL_CHUNK_ENTRIES).map((entry) => ({ type: 'ADDED', entry })));
        if (at + INITIAL_CHUNK_ENTRIES >= entries.length) break;
        await this.sink.drained?.();
        await new Promise((r) => setImmediate(r));
      }
      if (this.call.query.sendInitialEvents) this.#bookmark(revision, true);
      // Changes that came while the state was sent; none are lost because the history reaches back further than one list takes.
      this.#after = revision;
    } else this.#after = beginning.after;
    if (this.#ended) return;
    engine.cache.flush();
    const missed = this.#after < engine.cache.revision ? cache.since(this.#after) : [];
    if (!missed) return this.expire();
    const seen = missed.flatMap((event) => seenBy(selection, event) ?? []);
    if (seen.length > 0) this.#send(seen);
    this.#after = Math.max(this.#after, engine.cache.revision);
    if (!this.#ended) this.#leave = engine.hub.join(resource.prefix, selection, form?.later ?? form, this);
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
    const { resource } = this.call;
    if (this.sink.writeEvents) {
      const objects = events.map(({ type, entry }): WatchEvent => ({ type, object: resource.object(entry) }));
      if (!this.sink.writeEvents(objects)) this.#finish();
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
    const { resource, engine } = this.call;
    const resourceVersion = engine.versions.format(revision);
    if (this.sink.writeEvents) {
      const annotations = initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
      const { kind } = resource.definition;
      const object: KubeObject = {
        kind,
        apiVersion: resource.apiVersion,
        metadata: { resourceVersion, ...annotations },
      };
      this.sink.writeEvents([{ type: 'BOOKMARK', object }]);
    } else this.sink.writeBytes!(this.#nextForm().bookmark(resourceVersion, initialEventsEnd));
  }

  expire(): void {
    const { engine, resource, form } = this.call;
    const [asked, oldest] = [this.#after, cacheOf(engine, resource).historyBegin].map((r) => engine.versions.format(r));
    const status = expired(`too old resource version: ${asked} (${oldest})`).toStatus();
    if (this.sink.writeEvents)
      this.sink.writeEvents([{ type: 'ERROR', object: status as Status as unknown as KubeObject }]);
    else this.sink.writeBytes!(form!.failure(status));
    this.#finish();
  }

  #timeUp(): void {
    this.call.engine.cache.flush();
    this.bookmark();
    this.#finish();
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave();
    this.#end();
  }
}
