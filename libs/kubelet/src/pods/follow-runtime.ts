import { type Context, isAborted, messageOf } from '@kubernest/kit';
import type { RuntimeEvent } from '@kubernest/runtime/contract';
import type { RuntimeView } from './runtime-view.ts';

/** Keeps the view until aborted: snapshot, then events; again from the snapshot whenever the engine was away. */
export async function followRuntime(view: RuntimeView, ctx: Context, onSynced: () => void): Promise<void> {
  let failures = 0;
  while (!ctx.signal.aborted) {
    const round = new AbortController();
    const roundCtx: Context = { ...ctx, signal: AbortSignal.any([ctx.signal, round.signal]) };
    try {
      // Events first, so that nothing happens unseen between the two.
      const listening = view.runtime.events((event) => onEvent(view, event, roundCtx), roundCtx);
      listening.catch(() => {});
      const before = view.uids();
      await view.refresh(roundCtx);
      view.setAvailable(true);
      // Those too that look as before: what was asked of the engine while it was away came to nothing.
      for (const uid of new Set([...before, ...view.uids()])) view.onChange(uid);
      onSynced();
      failures = 0;
      await listening;
    } catch (error) {
      if (ctx.signal.aborted) return;
      view.setAvailable(false, messageOf(error));
      if (failures++ === 0) ctx.log.warn('the container runtime is away; waiting for it', { error: messageOf(error) });
    } finally {
      round.abort(new DOMException('runtime round over', 'AbortError'));
    }
    await ctx.clock.sleep(Math.min(5_000, 200 * 2 ** Math.min(failures, 5)), ctx.signal).catch(() => {});
  }
}

function onEvent(view: RuntimeView, event: RuntimeEvent, ctx: Context): void {
  if (event.type === 'image') return;
  if (view.sandbox(event.id)) return sandboxEvent(view, event);
  const known = view.container(event.id);
  if (!known) return strayEvent(view, event, ctx);
  if (event.type === 'removed') {
    view.dropContainer(event.id);
    return view.onChange(known.pod.uid);
  }
  if (event.type === 'created' || (event.type === 'started' && known.state === 'running')) return;
  inspect(view.refreshContainer(event.id, ctx), { view, event, uid: known.pod.uid }, ctx);
}

function sandboxEvent(view: RuntimeView, { type, id }: RuntimeEvent): void {
  const uid = view.sandbox(id)?.pod.uid ?? '';
  if (type === 'removed') view.dropSandbox(id);
  else if (type === 'ended') view.sandboxStopped(id);
  else return;
  view.onChange(uid);
}

/** Either a call that is under way will tell of it, or it comes of one whose answer nobody got. */
function strayEvent(view: RuntimeView, event: RuntimeEvent, ctx: Context): void {
  const { podUid: uid, id, type } = event;
  if (uid === undefined || type === 'removed' || view.heard(uid, id)) return;
  inspect(view.look(uid, ctx), { view, event, uid }, ctx);
}

function inspect(
  look: Promise<unknown>,
  { view, event, uid }: { readonly view: RuntimeView; readonly event: RuntimeEvent; readonly uid: string },
  ctx: Context,
): void {
  look
    .catch((error: unknown) => {
      if (!isAborted(error))
        ctx.log.warn('a container could not be inspected', { id: event.id, error: messageOf(error) });
    })
    .then(() => view.onChange(uid))
    .catch(() => {});
}
