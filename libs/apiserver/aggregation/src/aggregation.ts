import type { ApiCore, ApiResponse, Delegate, Delegated } from '@kubernest/apiserver/contract';
import { noOtherApis, type OtherApis } from '@kubernest/definitions';
import { type Context, type Runnable, whenAborted } from '@kubernest/kit';
import type { Reach } from './backend-call.ts';
import { Backends } from './backends.ts';
import { Delegation } from './delegate/delegation.ts';
import { Descriptions } from './description/descriptions.ts';
import { otherApis } from './merge/other-apis.ts';

/**
 * Group-versions that other servers answer: which there are, their requests, what they say of themselves. One for each API server; before it
 * runs there are none.
 */
export class Aggregation implements Delegate {
  readonly #backends = new Backends();
  readonly #descriptions: Descriptions;
  readonly #delegation: Delegation;
  #apis: OtherApis | undefined = noOtherApis;

  constructor(reach: Reach) {
    this.#descriptions = new Descriptions(reach, () => (this.#apis = undefined));
    this.#delegation = new Delegation(this.#backends, reach);
  }

  /** Undefined where the request is for this server. */
  handle(delegated: Delegated, ctx: Context): Promise<ApiResponse> | undefined {
    return this.#delegation.handle(delegated, ctx);
  }

  /** What is known of them now; the same object as long as that does not change. */
  apis(): OtherApis {
    this.#apis ??= otherApis(this.#descriptions.all(), this.#backends.priorities());
    return this.#apis;
  }

  /** Follows the APIServices. Nobody waits until their servers have been asked. */
  runnable({ read }: Pick<ApiCore, 'read'>): Runnable {
    const run = async (ctx: Context): Promise<void> => {
      const leave = this.#backends.follow(read, (change) => {
        if (change.isReordered) this.#apis = undefined;
        this.#descriptions.follow(change, ctx);
      });
      await whenAborted(ctx.signal);
      leave();
    };
    return { name: 'aggregation', start: async (ctx) => ({ done: run(ctx) }) };
  }
}
