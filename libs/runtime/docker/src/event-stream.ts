import type { Readable } from 'node:stream';
import type { Context } from '@kubernest/kit';
import { type RuntimeEvent, RuntimeUnavailableError } from '@kubernest/runtime/contract';
import type Docker from 'dockerode';
import { engineCall, translate } from './engine-error.ts';
import { type Owner, ownerFilter, podUidOf } from './labels.ts';

interface EngineEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

const containerEvents: Readonly<Record<string, RuntimeEvent['type']>> = {
  create: 'created',
  start: 'started',
  die: 'ended',
  destroy: 'removed',
  oom: 'oom',
};
const imageEvents = ['pull', 'load', 'import', 'tag', 'untag', 'delete'];

export function runtimeEvent(event: EngineEvent): RuntimeEvent | undefined {
  const { Actor: actor } = event;
  if (event.Type === 'image') return { type: 'image', id: actor.ID, podUid: undefined };
  const type = containerEvents[event.Action];
  return type ? { type, id: actor.ID, podUid: podUidOf(actor.Attributes) } : undefined;
}

/** Listens until aborted. Images carry no labels of ours, so they come over a stream of their own. */
export async function listen(
  docker: Docker,
  owner: Owner,
  onEvent: (event: RuntimeEvent) => void,
  ctx: Context,
): Promise<void> {
  const controller = new AbortController();
  const signal = AbortSignal.any([ctx.signal, controller.signal]);
  const filters = [
    { type: ['container'], event: Object.keys(containerEvents), label: ownerFilter(owner) },
    { type: ['image'], event: imageEvents },
  ];
  try {
    await Promise.all(filters.map((filter) => follow(docker, JSON.stringify(filter), onEvent, { ...ctx, signal })));
  } catch (error) {
    if (ctx.signal.aborted) return;
    throw translate(error);
  } finally {
    controller.abort();
  }
}

async function follow(
  docker: Docker,
  filters: string,
  onEvent: (event: RuntimeEvent) => void,
  ctx: Context,
): Promise<void> {
  const stream = (await engineCall(ctx, () =>
    docker.getEvents({ filters, abortSignal: ctx.signal }),
  )) as unknown as Readable;
  // An abort between the answer and the first read would otherwise be nobody's error.
  stream.on('error', () => {});
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = line.trim() === '' ? undefined : runtimeEvent(JSON.parse(line) as EngineEvent);
        if (event) onEvent(event);
      }
    }
  } catch (error) {
    if (ctx.signal.aborted) throw ctx.signal.reason;
    throw translate(error);
  }
  throw new RuntimeUnavailableError('docker engine closed its event stream');
}
