import type { Client } from '@kubernest/client';
import { type Context, isAborted, type Milliseconds } from '@kubernest/kit';
import { isNotFound, StatusError } from '@kubernest/meta';
import type { SectionSource } from './section.ts';
import type { PlaceRow, SectionState } from './view.ts';

/** Who may see a namespace may see but it: it is asked for by name, this often. */
const lookAgain: Milliseconds = 5_000;
const namespaces = { group: '', version: 'v1', resource: 'namespaces' };

export interface PlaceOptions {
  readonly client: Client;
  /** Absent: the whole cluster, which is always there. */
  readonly namespace: string | undefined;
  readonly onChange: () => void;
}

/** Whether that which is looked at is there: one row, or none. */
export class Place implements SectionSource<PlaceRow> {
  #state: SectionState;
  #rows: readonly PlaceRow[] = [];

  constructor(private readonly options: PlaceOptions) {
    this.#state = options.namespace === undefined ? 'ready' : 'loading';
    if (options.namespace === undefined) this.#rows = [{ key: '' }];
  }

  get state(): SectionState {
    return this.#state;
  }

  get message(): string | undefined {
    return this.#state === 'denied' ? `you may not see namespace ${this.options.namespace}` : undefined;
  }

  rows(): readonly PlaceRow[] {
    return this.#rows;
  }

  /** Lives until `ctx` is aborted. */
  async run(ctx: Context): Promise<void> {
    const { namespace } = this.options;
    while (namespace !== undefined && !ctx.signal.aborted) {
      await this.#look(namespace, ctx);
      await ctx.clock.sleep(lookAgain, ctx.signal).catch(() => {});
    }
  }

  async #look(namespace: string, ctx: Context): Promise<void> {
    try {
      await this.options.client.resource(namespaces).fetch({ name: namespace }, ctx);
      this.#become('ready', true);
    } catch (error) {
      if (isNotFound(error)) this.#become('ready', false);
      else if (error instanceof StatusError && error.code === 403) this.#become('denied', false);
      // Not known is not no.
      else if (!isAborted(error)) ctx.log.debug('could not look for a namespace', { error });
    }
  }

  #become(state: SectionState, isThere: boolean): void {
    if (this.#state === state && this.#rows.length > 0 === isThere) return;
    this.#state = state;
    this.#rows = isThere ? [{ key: this.options.namespace ?? '' }] : [];
    this.options.onChange();
  }
}
