import type { Client } from '@kubernest/client';
import { type Context, childContext } from '@kubernest/kit';
import { Overview } from './overview.ts';
import type { OverviewDelta, Viewer } from './view.ts';

export interface Subscription {
  readonly view: 'overview';
  readonly user: Viewer;
  /** Absent: all namespaces. */
  readonly namespace?: string;
}

/** Views that move by themselves. Every read is the viewer's own, so the API server decides what they see. */
export interface Live {
  /** Calls `onDelta` at once with the first page, then with changes, batched. Must not throw. Returns the unsubscribe (again is harmless). */
  subscribe(what: Subscription, onDelta: (delta: OverviewDelta) => void): () => void;
}

/** `clientFor` gives access as somebody. Pages of the same viewer share what is watched; it ends with the last page. */
export function createLive(clientFor: (user: Viewer) => Client, ctx: Context): Live {
  const open = new Map<string, { readonly overview: Overview; readonly stop: () => void }>();
  return {
    subscribe({ user, namespace }, onDelta) {
      const id = JSON.stringify([user.username, user.uid, user.groups, user.extra, namespace]);
      let entry = open.get(id);
      if (!entry) {
        const { ctx: inner, controller } = childContext(ctx);
        const overview = new Overview(clientFor(user), namespace, inner);
        entry = { overview, stop: () => controller.abort(new DOMException('nobody looks any more', 'AbortError')) };
        open.set(id, entry);
        overview.run().catch((error: unknown) => ctx.log.error('a view ended', { error }));
      }
      const { overview, stop } = entry;
      overview.add(onDelta);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        if (overview.remove(onDelta) > 0) return;
        open.delete(id);
        stop();
      };
    },
  };
}
