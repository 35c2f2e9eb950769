import { Backoff, type Context, childContext, type Milliseconds, messageOf } from '@kubernest/kit';
import { type Backend, isSameWay } from '../backend.ts';
import type { Reach } from '../backend-call.ts';
import { BackendDescription, type Description } from './backend-description.ts';

/** As in Kubernetes: a server does not tell when it serves something else. */
const ASKED_EVERY: Milliseconds = 60_000;
const ASKED_AGAIN_AFTER: Milliseconds = 500;

export interface Described extends Description {
  readonly backend: Backend;
  /** It said so lately. */
  readonly isCurrent: boolean;
}

interface Asked {
  readonly description: BackendDescription;
  described: Described;
  stop: () => void;
}

/**
 * What every backend says of itself: asked in the background, one after the other thing, so that one which is slow or says too much is in
 * nobody's way. One that is not available is not asked; what it said last is kept, as not current.
 */
export class Descriptions {
  readonly #asked = new Map<string, Asked>();

  constructor(
    private readonly reach: Reach,
    private readonly onChange: () => void,
  ) {}

  /** By APIService, in the order of their names. */
  all(): readonly Described[] {
    const all = [...this.#asked.values()].map(({ described }) => described);
    return all.sort((a, b) => (a.backend.name < b.backend.name ? -1 : 1));
  }

  /** A backend came, changed or (without `now`) has gone. */
  follow(
    { now, before }: { readonly now?: Backend | undefined; readonly before?: Backend | undefined },
    ctx: Context,
  ): void {
    if (before && !now) this.#forget(before);
    if (now) this.#keep(now, before, ctx);
  }

  #forget({ name }: Backend): void {
    this.#asked.get(name)?.stop();
    this.#asked.delete(name);
    this.onChange();
  }

  #keep(now: Backend, before: Backend | undefined, ctx: Context): void {
    const known = this.#asked.get(now.name);
    const isSame = before !== undefined && isSameWay(now, before);
    if (known && isSame && now.isAvailable === before.isAvailable) return;
    known?.stop();
    // Of another server nothing is known, though it has the same name.
    const description = (isSame && known?.description) || new BackendDescription(this.reach);
    const asked: Asked = {
      description,
      described: { backend: now, isCurrent: false, ...description.known },
      stop: () => {},
    };
    this.#asked.set(now.name, asked);
    this.onChange();
    if (!now.isAvailable) return;
    const { ctx: inner, controller } = childContext(ctx);
    asked.stop = () => controller.abort(new Error(`${now.name} has changed`));
    void this.#keepAsking(asked, inner);
  }

  async #keepAsking(asked: Asked, ctx: Context): Promise<void> {
    const backoff = new Backoff({ initial: ASKED_AGAIN_AFTER, max: ASKED_EVERY });
    while (!ctx.signal.aborted) {
      const isCurrent = await this.#ask(asked, ctx);
      if (isCurrent) backoff.forget('');
      await ctx.clock.sleep(isCurrent ? ASKED_EVERY : backoff.next(''), ctx.signal).catch(() => {});
    }
  }

  /** Whether it said what it serves; without OpenAPI it is served all the same. */
  async #ask(asked: Asked, ctx: Context): Promise<boolean> {
    const { description } = asked;
    const { backend } = asked.described;
    const tried = async (what: string, ask: () => Promise<void>): Promise<boolean> => {
      try {
        await ask();
        return true;
      } catch (error) {
        if (!ctx.signal.aborted)
          ctx.log.warn(`${what} of an aggregated API could not be read`, {
            api: backend.name,
            error: messageOf(error),
          });
        return false;
      }
    };
    const isCurrent = await tried('discovery', () => description.askDiscovery(backend, ctx));
    this.#tell(asked, isCurrent, ctx);
    if (!isCurrent) return false;
    await tried('OpenAPI v3', () => description.askOpenApiV3(backend, ctx));
    await tried('OpenAPI v2', () => description.askOpenApiV2(backend, ctx));
    this.#tell(asked, isCurrent, ctx);
    return true;
  }

  #tell(asked: Asked, isCurrent: boolean, ctx: Context): void {
    if (ctx.signal.aborted) return;
    const { described: before } = asked;
    const { known } = asked.description;
    asked.described = { backend: before.backend, isCurrent, ...known };
    const isSame =
      before.isCurrent === isCurrent &&
      before.resources === known.resources &&
      before.openApiV2 === known.openApiV2 &&
      before.openApiV3 === known.openApiV3;
    if (!isSame) this.onChange();
  }
}
