import { createHash } from 'node:crypto';
import type { Client } from '@kubernest/client';
import { type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import { isAlreadyExists, isNotFound, type KubeObject, StatusError, wireTime } from '@kubernest/meta';
import type { EventRecorder } from './controller.ts';

const events = { group: '', version: 'v1', resource: 'events' };
/** As client-go's: repeats within this count; that many different messages of one reason become one event; a source may burst and then refills slowly. */
const SAME_FOR: Milliseconds = 600_000;
const SIMILAR_LIMIT = 10;
const BURST = 25;
const REFILL_EVERY: Milliseconds = 300_000;
const KEPT = 4096;
const QUEUED = 1000;

interface Occurrence {
  readonly about: KubeObject;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly action?: string;
}
interface Known {
  readonly name: string;
  count: number;
  readonly first: Date;
  last: Date;
}

export interface EventRecorderOptions {
  readonly component: string;
  readonly host?: string;
  readonly client: Client;
}

/** Records Events in the background, one after the other. Never throws and never holds up the caller. */
export function createEventRecorder(
  options: EventRecorderOptions,
  ctx: Context,
): EventRecorder & { drained(): Promise<void> } {
  const known = new Map<string, Known>();
  const similar = new Map<string, { readonly messages: Set<string>; last: Date }>();
  const buckets = new Map<string, { tokens: number; at: Milliseconds }>();
  let queued = 0;
  let tail: Promise<void> = Promise.resolve();

  const admitted = (about: KubeObject): boolean => {
    const now = ctx.clock.monotonic();
    const id = about.metadata.uid ?? '';
    const bucket = buckets.get(id) ?? { tokens: BURST, at: now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_EVERY);
    bucket.at = now;
    keep(buckets, id, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
  /** Many messages of one reason about one object: counted as one whose message says so. */
  const combined = (one: Occurrence): Occurrence => {
    const now = ctx.clock.now();
    const id = [one.about.metadata.uid, one.type, one.reason].join('|');
    const found = similar.get(id);
    const entry =
      found && now.getTime() - found.last.getTime() < SAME_FOR ? found : { messages: new Set<string>(), last: now };
    entry.last = now;
    if (entry.messages.size <= SIMILAR_LIMIT) entry.messages.add(one.message);
    keep(similar, id, entry);
    return entry.messages.size > SIMILAR_LIMIT
      ? { ...one, message: `(combined from similar events): ${one.message}` }
      : one;
  };
  const write = async (raw: Occurrence): Promise<void> => {
    const one = combined(raw);
    const now = ctx.clock.now();
    const sameMessage = one === raw ? one.message : '(combined)';
    const id = createHash('sha1')
      .update([one.about.metadata.uid, one.type, one.reason, sameMessage].join('|'))
      .digest('hex');
    const before = known.get(id);
    if (before && now.getTime() - before.last.getTime() < SAME_FOR) {
      before.count += 1;
      before.last = now;
      if (await patchCount(options, one, before, ctx)) return;
    }
    const fresh: Known = {
      name: `${one.about.metadata.name}.${uniquePart(ctx.clock.now())}`,
      count: 1,
      first: now,
      last: now,
    };
    keep(known, id, fresh);
    await options.client.resource(events).create(eventOf(options, one, fresh), {}, ctx);
  };
  return {
    record(about, event) {
      if (queued >= QUEUED || !admitted(about)) return;
      queued++;
      tail = tail
        .then(() => write({ about, ...event }))
        // A namespace on its way out takes no events: not worth a word.
        .catch((error: unknown) => {
          const expected =
            error instanceof StatusError && (error.code === 403 || error.code === 404 || isAlreadyExists(error));
          if (!ctx.signal.aborted && !expected)
            ctx.log.debug('could not record an event', { reason: event.reason, error: messageOf(error) });
        })
        .finally(() => queued--);
    },
    drained: () => tail,
  };
}

async function patchCount(
  { client }: EventRecorderOptions,
  one: Occurrence,
  known: Known,
  ctx: Context,
): Promise<boolean> {
  const body = { count: known.count, lastTimestamp: wireTime(known.last), message: one.message };
  const key = { namespace: namespaceFor(one.about), name: known.name };
  try {
    await client.resource(events).patch(key, { type: 'merge', body }, {}, ctx);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function eventOf(options: EventRecorderOptions, one: Occurrence, known: Known): KubeObject {
  const { apiVersion, kind, metadata } = one.about;
  const { name, namespace, uid, resourceVersion } = metadata;
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: known.name, namespace: namespaceFor(one.about) },
    involvedObject: { kind, namespace, name, uid, apiVersion, resourceVersion },
    reason: one.reason,
    message: one.message.slice(0, 1024),
    source: { component: options.component, ...(options.host ? { host: options.host } : {}) },
    type: one.type,
    count: known.count,
    firstTimestamp: wireTime(known.first),
    lastTimestamp: wireTime(known.last),
    ...(one.action ? { action: one.action } : {}),
    reportingComponent: options.component,
    reportingInstance: options.host ?? '',
  };
  return event;
}

/** compat: events about what has no namespace live in `default`, where kubectl looks for them. */
const namespaceFor = (about: KubeObject): string => about.metadata.namespace || 'default';

let uniques = 0;
/** Sixteen hex digits like client-go's, never the same twice in a process. */
function uniquePart(now: Date): string {
  uniques = (uniques + 1) % 1_000_000;
  return (BigInt(now.getTime()) * 1_000_000n + BigInt(uniques)).toString(16).padStart(16, '0');
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > KEPT) map.delete(map.keys().next().value!);
}
