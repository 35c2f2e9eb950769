import { type Context, messageOf } from '@kubernest/kit';
import { isAlreadyExists, isNotFound, type KubeObject, StatusError, wireTime } from '@kubernest/meta';
import type { Client } from '../client.ts';
import { type Counted, EventCorrelator, type Occurrence } from './correlate.ts';

const EVENTS = { group: '', version: 'v1', resource: 'events' };
const QUEUED = 1000;

export interface EventRecorder {
  /** Says in the background what happens to an object; repeats are counted, not multiplied. Never throws and never holds up the caller. */
  record(about: KubeObject, event: Omit<Occurrence, 'about'>): void;
}

export interface EventRecorderOptions {
  /** Who says so: `source.component`. */
  readonly component: string;
  /** On which machine, where that matters. */
  readonly host?: string;
  readonly client: Client;
}

/** One Event after the other, in order. */
export function createEventRecorder(
  options: EventRecorderOptions,
  ctx: Context,
): EventRecorder & { drained(): Promise<void> } {
  const correlator = new EventCorrelator();
  let queued = 0;
  let tail: Promise<void> = Promise.resolve();
  return {
    record(about, event) {
      if (queued >= QUEUED) return;
      const counted = correlator.see({ about, ...event }, ctx.clock.now());
      if (!counted) return;
      queued++;
      tail = tail
        .then(() => write(options, counted, ctx))
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

/** One that the server has forgotten meanwhile is written anew, with its count. */
async function write(options: EventRecorderOptions, counted: Counted, ctx: Context): Promise<void> {
  const events = options.client.resource(EVENTS);
  if (counted.count > 1) {
    const { occurrence, name, count, last } = counted;
    const body = { count, lastTimestamp: wireTime(last), message: cut(occurrence.message) };
    const key = { namespace: namespaceFor(occurrence.about), name };
    try {
      return void (await events.patch(key, { type: 'merge', body }, {}, ctx));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  await events.create(eventOf(options, counted), {}, ctx);
}

function eventOf(options: EventRecorderOptions, { occurrence, name, count, first, last }: Counted): KubeObject {
  const { about, type, reason, message, action, fieldPath } = occurrence;
  const { apiVersion, kind, metadata } = about;
  const { name: aboutName, namespace, uid, resourceVersion } = metadata;
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: namespaceFor(about) },
    involvedObject: {
      ...{ kind, namespace, name: aboutName, uid, apiVersion, resourceVersion },
      ...(fieldPath ? { fieldPath } : {}),
    },
    reason,
    message: cut(message),
    source: { component: options.component, ...(options.host ? { host: options.host } : {}) },
    type,
    count,
    firstTimestamp: wireTime(first),
    lastTimestamp: wireTime(last),
    ...(action ? { action } : {}),
    reportingComponent: options.component,
    reportingInstance: options.host ?? '',
  };
  return event;
}

const cut = (message: string): string => message.slice(0, 1024);

/** compat: events about what has no namespace live in `default`, where kubectl looks for them. */
const namespaceFor = (about: KubeObject): string => about.metadata.namespace || 'default';
