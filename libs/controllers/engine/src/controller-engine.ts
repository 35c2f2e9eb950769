import { type Client, createEventRecorder, type Informer, type InformerSet, type LeaseFence } from '@kubernest/client';
import { type Context, isAborted, type Milliseconds, type Runnable, TerminalError } from '@kubernest/kit';
import { isConflict, type KubeObject, keyOf, type ResourceRef, StatusError, Turns } from '@kubernest/meta';
import { noResources, ResourceMonitor } from './all-resources.ts';
import type { Controller, ControllerContext, Watch } from './controller.ts';
import { follow } from './follow.ts';
import type { QueueWatch } from './queue-watch.ts';
import { WorkQueue } from './work-queue.ts';

/** What the engine counts; every member is optional. */
export interface ControllerMetrics {
  reconciled?(controller: string, result: 'success' | 'error' | 'requeue', took: Milliseconds): void;
  /** Of the controller's keys; the same controller may begin again. */
  queue?(controller: string): QueueWatch;
}

export interface ControllerEngineOptions {
  readonly controllers: readonly Controller[];
  /** Acts as the controller's own service account. */
  readonly clientFor: (controller: Controller) => Client;
  /** May be one set for all. Sets are started by the engine. */
  readonly informersFor: (controller: Controller) => InformerSet;
  /** Put on every write. Absent only where nobody else can lead. */
  readonly fence?: LeaseFence;
  readonly metrics?: ControllerMetrics;
}

/** Runs the controllers: informers, queues, retries. `start` resolves once every controller's caches are in and its workers run. */
export function controllerEngine(options: ControllerEngineOptions): Runnable {
  return {
    name: 'controllers',
    async start(ctx) {
      const sets = new Map<InformerSet, ResourceMonitor | undefined>();
      const running: Promise<void>[] = [];
      const runs = options.controllers.map((controller) => {
        const informers = options.informersFor(controller);
        const client = options.fence
          ? options.clientFor(controller).fencedBy(options.fence)
          : options.clientFor(controller);
        if (!sets.has(informers)) sets.set(informers, undefined);
        if (controller.watches === 'all') {
          const monitor = sets.get(informers) ?? new ResourceMonitor(client, informers, ctx);
          sets.set(informers, monitor);
        }
        return { controller, informers, client };
      });
      // Subscribed before the informers start: no controller asks for a list of its own.
      const turns = new Turns({ now: () => ctx.clock.monotonic() });
      const wired = runs.map((run) => wire({ ...options, turns }, run, sets.get(run.informers), ctx));
      for (const set of sets.keys()) running.push((await set.start(ctx)).done);
      for (const monitor of sets.values()) if (monitor) running.push((await monitor.begin()).done);
      running.push(...(await Promise.all(wired.map((one) => one.start()))).flat());
      return { done: Promise.all(running).then(() => {}) };
    },
  };
}

interface Run {
  readonly controller: Controller;
  readonly informers: InformerSet;
  readonly client: Client;
}

/** Of all controllers: they share one event loop. */
interface Shared {
  readonly metrics?: ControllerMetrics;
  readonly turns: Turns;
}

function wire(options: Shared, run: Run, monitor: ResourceMonitor | undefined, ctx: Context) {
  const { informers, client } = run;
  const controller = run.controller.begin?.() ?? run.controller;
  const log = ctx.log.child(controller.name);
  const queue = new WorkQueue({ clock: ctx.clock, watch: options.metrics?.queue?.(controller.name) });
  const recorder = createEventRecorder({ component: controller.serviceAccount, client }, ctx);
  const controllerCtx: ControllerContext = {
    ...ctx,
    log,
    client,
    informers,
    events: recorder,
    resources: (controller.watches === 'all' && monitor) || noResources,
  };
  const watched: Informer[] = [];
  const addAll = (keys: readonly string[]): void => {
    for (const key of keys) queue.add(key);
  };
  if (controller.watches === 'all' && controller.keysOfAny && monitor) {
    monitor.onChange((change) => addAll(controller.keysOfAny!(change, monitor)));
  } else {
    const own = informers.of(controller.reconciles);
    watched.push(own);
    own.subscribe({
      added: (o) => addAll([keyOf(o)]),
      updated: (o) => addAll([keyOf(o)]),
      deleted: (o) => addAll([keyOf(o)]),
    });
  }
  for (const watch of controller.watches === 'all' ? [] : controller.watches) {
    const informer = informers.of(watch.ref);
    watched.push(informer);
    if (isSame(watch.ref, controller.reconciles) && !watch.keys) continue;
    const keysOf = watch.keys ?? ownerKeys(controller.reconciles, informers);
    const look = (object: KubeObject): void => {
      const keys = keysOf(object, informers);
      if (!('next' in keys)) return addAll(keys);
      follow(keys, options.turns, addAll)?.catch((error: unknown) =>
        log.error('cannot tell whom a change concerns', { object: keyOf(object), error }),
      );
    };
    informer.subscribe({
      added: look,
      deleted: look,
      updated: (object, old) => {
        try {
          look(old);
        } finally {
          look(object);
        }
      },
    });
  }
  return {
    async start(): Promise<Promise<void>[]> {
      await Promise.all(watched.map((informer) => informer.whenSynced(ctx.signal)));
      addAll(controller.initialKeys ?? []);
      const workers = Array.from({ length: controller.workers ?? 5 }, () =>
        work(controller, queue, controllerCtx, options),
      );
      ctx.signal.addEventListener('abort', () => queue.close(), { once: true });
      if (ctx.signal.aborted) queue.close();
      const { resync } = controller;
      const all = () => informers.of(controller.reconciles).list().map(keyOf);
      if (resync !== undefined) workers.push(lookAgain(resync, () => addAll(all()), ctx));
      return [...workers, Promise.all(workers).then(() => recorder.drained())];
    },
  };
}

async function lookAgain(every: Milliseconds, look: () => void, ctx: Context): Promise<void> {
  while (!ctx.signal.aborted) {
    await ctx.clock.sleep(every, ctx.signal).then(look, () => {});
  }
}

async function work(
  controller: Controller,
  queue: WorkQueue,
  ctx: ControllerContext,
  { metrics, turns }: Shared,
): Promise<void> {
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    // Not awaited for nothing: the others would ask, too, before this one has begun.
    const turn = turns.next();
    if (turn) await turn;
    const startedAt = ctx.clock.monotonic();
    const result = await reconcileOne(controller, queue, key, ctx);
    metrics?.reconciled?.(controller.name, result, ctx.clock.monotonic() - startedAt);
    queue.done(key);
  }
}

async function reconcileOne(
  controller: Controller,
  queue: WorkQueue,
  key: string,
  ctx: ControllerContext,
): Promise<'success' | 'error' | 'requeue'> {
  try {
    const outcome = await controller.reconcile(key, ctx);
    queue.forget(key);
    if (outcome === 'done') return 'success';
    queue.addAfter(key, outcome.againAfter);
    return 'requeue';
  } catch (error) {
    if (ctx.signal.aborted || isAborted(error)) return 'error';
    if (error instanceof TerminalError) {
      queue.forget(key);
      ctx.log.error('gave up until it changes', { key, error });
      return 'error';
    }
    const wait = queue.retry(key);
    // A stale cache, or a server that is away: comes right by itself.
    const expected = isConflict(error) || (error instanceof StatusError && error.code < 500) || queue.failures(key) < 3;
    if (expected) ctx.log.debug('retries', { key, wait, error });
    else ctx.log.warn('keeps failing', { key, wait, error });
    return 'error';
  }
}

/** The keys of the controlling owner, if it is of the reconciled kind: told by the uid, or by kind while the owner is not in the cache yet. */
function ownerKeys(reconciles: ResourceRef, informers: Run['informers']): NonNullable<Watch['keys']> {
  return (object) => {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
    if (!owner) return [];
    const key = object.metadata.namespace ? `${object.metadata.namespace}/${owner.name}` : owner.name;
    return informers.of(reconciles).get(key)?.metadata.uid === owner.uid ? [key] : [];
  };
}

const isSame = (a: ResourceRef, b: ResourceRef): boolean => a.group === b.group && a.resource === b.resource;
