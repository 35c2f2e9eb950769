import { randomBytes } from 'node:crypto';
import type { Client } from '@kubernest/client';
import { type Context, messageOf } from '@kubernest/kit';
import { isNotFound, type Json, type KubeObject } from '@kubernest/meta';
import { fieldPathOf, type PodContainer } from '../pods/pod.ts';
import { EVENTS, type Pod } from '../types.ts';

export interface ObjectReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

/** Says what happens to one pod, or one of its containers. */
export interface PodEvents {
  normal(reason: string, message: string): void;
  warning(reason: string, message: string): void;
}

export type EventKind = 'Normal' | 'Warning';
type Sent = { name: string; count: number; at: number };

const MEMORY = 1024;
const QUEUE = 1000;

/** Writes events, one at a time and in order; the same words about the same object count up instead. Never in anybody's way: what the server refuses is logged and dropped. */
export class EventRecorder {
  readonly #sent = new Map<string, Sent>();
  #queue: (() => Promise<void>)[] = [];
  #working = false;

  constructor(
    private readonly client: Client,
    private readonly nodeName: string,
    private readonly ctx: Context,
  ) {}

  ofPod(pod: Pod, fieldPath?: string): PodEvents {
    const { name = '', namespace = '', uid = '', resourceVersion } = pod.metadata;
    const about: ObjectReference = {
      apiVersion: 'v1',
      kind: 'Pod',
      name,
      namespace,
      uid,
      resourceVersion,
      ...(fieldPath ? { fieldPath } : {}),
    };
    return {
      normal: (reason, message) => this.record(about, 'Normal', reason, message),
      warning: (reason, message) => this.record(about, 'Warning', reason, message),
    };
  }

  ofContainer(pod: Pod, entry: PodContainer): PodEvents {
    return this.ofPod(pod, fieldPathOf(entry));
  }

  record(about: ObjectReference, type: EventKind, reason: string, message: string): void {
    if (this.#queue.length >= QUEUE) this.#queue.shift();
    const at = this.ctx.clock.now();
    this.#queue.push(() => this.#write(about, type, reason, message.slice(0, 1024), at));
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#queue.shift(); next && !this.ctx.signal.aborted; next = this.#queue.shift()) {
      await next().catch((error: unknown) => {
        if (!this.ctx.signal.aborted) this.ctx.log.debug('an event could not be written', { error: messageOf(error) });
      });
    }
    this.#working = false;
  }

  async #write(about: ObjectReference, type: EventKind, reason: string, message: string, at: Date): Promise<void> {
    const key = JSON.stringify([about.uid, about.fieldPath, type, reason, message]);
    const time = `${at.toISOString().slice(0, 19)}Z`;
    const namespace = about.namespace ?? 'default';
    const events = this.client.resource(EVENTS);
    const before = this.#sent.get(key);
    if (before && +at - before.at < 3_600_000) {
      const count = before.count + 1;
      this.#sent.set(key, { ...before, count, at: +at });
      try {
        await events.patch(
          { namespace, name: before.name },
          { type: 'merge', body: { count, lastTimestamp: time } },
          {},
          this.ctx,
        );
        return;
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    const name = `${about.name}.${at.getTime().toString(16)}${randomBytes(4).toString('hex')}`;
    const source = { component: 'kubelet', host: this.nodeName };
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: about as unknown as Json,
      reason,
      message,
      type,
      source,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      reportingComponent: 'kubelet',
      reportingInstance: this.nodeName,
    };
    await events.create(event as KubeObject, {}, this.ctx);
    this.#sent.set(key, { name, count: 1, at: +at });
    if (this.#sent.size > MEMORY) this.#sent.delete(this.#sent.keys().next().value ?? '');
  }
}
