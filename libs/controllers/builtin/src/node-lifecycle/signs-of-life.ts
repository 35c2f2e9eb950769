import type { Lease, Node } from '@kubernest/kinds';
import type { Context, Milliseconds } from '@kubernest/kit';
import { AttendedTime } from './attended-time.ts';
import { readyOf } from './node-lifecycle.plan.ts';

interface Sign {
  readonly node: Node;
  readonly of: string;
  readonly at: Milliseconds;
}

/** What was last seen of each kubelet, in one term of leadership. */
export class SignsOfLife {
  readonly #seen = new Map<string, Sign>();
  #time: AttendedTime | undefined;

  /** As the node was when its last new sign came; undefined for one that was never looked at. */
  lastSeen(name: string): Node | undefined {
    return this.#seen.get(name)?.node;
  }

  forget(name: string): void {
    this.#seen.delete(name);
  }

  /** By the time that this process attended since it last saw a new sign; another machine's clock says nothing. */
  silence(node: Node, lease: Lease | undefined, ctx: Context): Milliseconds {
    this.#time ??= new AttendedTime(ctx);
    const { name = '', uid } = node.metadata;
    const of = `${uid} ${lease?.spec?.renewTime ?? ''} ${readyOf(node)?.lastHeartbeatTime ?? ''}`;
    const now = this.#time.passed();
    const seen = this.#seen.get(name);
    if (seen?.of === of) return now - seen.at;
    this.#seen.set(name, { node, of, at: now });
    return 0;
  }
}
