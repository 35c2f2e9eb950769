import { bookmarkObject, type ObjectForm, type WatchForm } from '@kubernest/apiserver/codec';
import type { WatchResponse, WatchSink } from '@kubernest/apiserver/contract';
import {
  ConversionError,
  cacheOf,
  candidates,
  type Engine,
  type Membership,
  type Resource,
  type ResourceSelection,
  type SeenEvent,
  type Watcher,
} from '@kubernest/apiserver/storage';
import { looksOfAnswer } from '@kubernest/definitions';
import { type Context, type Count, messageOf } from '@kubernest/kit';
import {
  expired,
  isOthersTurn,
  type KubeObject,
  lineAfter,
  ownTurn,
  StatusError,
  type WatchEvent,
} from '@kubernest/meta';
import { reach } from './get.ts';
import { initialState, missedChanges, type SeenEvents } from './initial-events.ts';
import { checkWatchQuery, type ListQuery } from './list-options.ts';

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

class WatchRun implements Watcher {
  /** Once all that was there when it began has been sent. */
  #membership: Membership | undefined;
  #end: () => void = () => {};
  #over = Promise.resolve();
  /** Events at and below were seen or not asked for. */
  #after = 0;
  #ended = false;
  #form: WatchForm | undefined;
  /** What goes out next: one of them, as the form is. */
  #objects: WatchEvent[] = [];
  #lines: Buffer[] = [];
  #waits = 0;
  readonly #sent: Count | undefined;

  constructor(
    private readonly call: WatchCall,
    private readonly sink: WatchSink,
  ) {
    this.#form = streamed(call.form);
    const { group, version, plural } = call.resource.definition;
    this.#sent = call.engine.watchEvents?.of(group, version, plural);
  }

  async run(beginning: Beginning, ctx: Context): Promise<void> {
    this.#over = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    const { engine, query } = this.call;
    const due = (): void => engine.endings.add(() => this.#timeUp());
    const cancelTimer = ctx.clock.after((query.timeoutSeconds || DEFAULT_SECONDS()) * 1000, due);
    const onAbort = () => this.#finish();
    ctx.signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (ctx.signal.aborted) return;
      // Its time may be up before what it begins with is converted.
      await Promise.race([this.#begin(beginning, ctx), this.#over]);
      if (!this.#ended) await this.#over;
    } catch (error) {
      // Over before everything was converted, or by what kept it from being converted.
      if (!this.#ended && !(error instanceof ConversionError)) throw error;
      this.fail(error);
    } finally {
      this.#membership?.leave();
      cancelTimer();
      ctx.signal.removeEventListener('abort', onAbort);
    }
  }

  async #begin(beginning: Beginning, ctx: Context): Promise<void> {
    const { engine, resource, selection, form } = this.call;
    const initial = { ...this.call, looks: looksOfAnswer() };
    // Those who are already there get what is due first, so that this one begins exactly at the cache's revision.
    engine.cache.flush();
    const cache = cacheOf(engine, resource);
    if ('state' in beginning) {
      const revision = engine.cache.revision;
      await this.#sendParts(initialState(initial, candidates(cache, selection), ctx));
      const { sendInitialEvents, allowWatchBookmarks } = this.call.query;
      if (sendInitialEvents && allowWatchBookmarks && !this.#ended) this.#bookmark(revision, true);
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
      await this.#sendParts(missedChanges(initial, missed, ctx));
      this.#after = revision;
    }
    if (!engine.resources.serves(resource)) return this.#finish();
    this.#membership = engine.hub.join(selection, streamed(form)?.later ?? form, this);
  }

  async #sendParts(parts: AsyncIterable<SeenEvents>): Promise<void> {
    for await (const events of parts) {
      await this.#sendAll(events);
      if (this.#ended) return;
    }
  }

  /** As fast as they are read, with turns for others. */
  async #sendAll(events: SeenEvents): Promise<void> {
    if (this.#ended) return;
    let bytes = 0;
    if (isOthersTurn()) await ownTurn(lineAfter(this.#waits++));
    for (const event of events) {
      // Made one by one: a row of a table may take long.
      if (event) bytes += this.#gather(event);
      const isFull = bytes > INITIAL_BYTES;
      if (!isFull && !isOthersTurn()) continue;
      this.#sendGathered();
      bytes = 0;
      if (isFull) await Promise.race([this.sink.drained?.(), this.#over]);
      await ownTurn(lineAfter(this.#waits++));
      if (this.#ended) return;
    }
    this.#sendGathered();
  }

  deliver(events: readonly SeenEvent[], bytes: () => Buffer): void {
    const late = events[0]!.entry.revision <= this.#after;
    // A watch that begins in the future skips what lies before it.
    const due = late ? events.filter((event) => event.entry.revision > this.#after) : events;
    if (due.length === 0) return;
    const alike = this.#form?.later === undefined;
    if (late || !alike || !this.sink.writeBytes) return this.#send(due);
    this.#sent?.add(due.length);
    if (!this.sink.writeBytes(bytes())) this.#finish();
  }

  #send(events: readonly SeenEvent[]): void {
    for (const event of events) this.#gather(event);
    this.#sendGathered();
  }

  /** To be sent with others. Gives how much it is. */
  #gather({ type, entry }: SeenEvent): number {
    const { form } = this.call;
    if ('type' in form) {
      this.#objects.push({ type, object: form.one(entry) });
      return entry.bytes.length;
    }
    const line = this.#nextForm().event(type, entry);
    this.#lines.push(line);
    return line.length;
  }

  #sendGathered(): void {
    const [objects, lines] = [this.#objects, this.#lines];
    const count = objects.length + lines.length;
    if (count === 0) return;
    [this.#objects, this.#lines] = [[], []];
    this.#sent?.add(count);
    const isTaken = lines.length > 0 ? this.sink.writeBytes!(Buffer.concat(lines)) : this.sink.writeEvents!(objects);
    if (!isTaken) this.#finish();
  }

  #nextForm(): WatchForm {
    const form = this.#form!;
    this.#form = form.later ?? form;
    return form;
  }

  bookmark(revision: number): void {
    if (this.call.query.allowWatchBookmarks && !this.#ended && revision >= this.#after) this.#bookmark(revision, false);
  }

  #bookmark(revision: number, initialEventsEnd: boolean): void {
    const { form, engine } = this.call;
    const resourceVersion = engine.versions.format(revision);
    if ('type' in form)
      this.sink.writeEvents!([
        { type: 'BOOKMARK', object: bookmarkObject(form.type, resourceVersion, initialEventsEnd) },
      ]);
    else this.sink.writeBytes!(this.#nextForm().bookmark(resourceVersion, initialEventsEnd));
  }

  expire(): void {
    const { engine, resource } = this.call;
    const [asked, oldest] = [this.#after, cacheOf(engine, resource).historyBegin].map((r) => engine.versions.format(r));
    this.#endWith(expired(`too old resource version: ${asked} (${oldest})`));
  }

  fail(why: unknown): void {
    this.#endWith(new StatusError(500, 'InternalError', messageOf(why)));
  }

  #endWith(error: StatusError): void {
    if (this.#ended) return;
    const status = error.toStatus();
    const { form } = this.call;
    if ('type' in form) this.sink.writeEvents!([{ type: 'ERROR', object: status as unknown as KubeObject }]);
    else this.sink.writeBytes!(form.failure(status));
    this.#finish();
  }

  end(): void {
    this.#finish();
  }

  #timeUp(): void {
    if (this.#ended) return;
    if (this.#membership) this.call.engine.cache.flush();
    if (this.#membership?.isBehind() === false) this.bookmark(this.call.engine.cache.revision);
    this.#finish();
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#membership?.leave();
    this.#end();
  }
}
