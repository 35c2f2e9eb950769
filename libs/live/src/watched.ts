import { type Client, createInformerSet, type Informer } from '@kubernest/client';
import { type Context, childContext, isAborted, type Milliseconds } from '@kubernest/kit';
import { type KubeObject, qualifiedResource, type ResourceRef } from '@kubernest/meta';
import type { SectionState } from './view.ts';

/** A watch that has begun is not authorized again by the server, so a right that was taken away is noticed within this time. */
const recheckRights: Milliseconds = 5_000;

export interface WatchedOptions {
  readonly client: Client;
  readonly ref: ResourceRef;
  /** Absent: of all namespaces, or a resource that has none. */
  readonly namespace?: string;
  readonly onChange: () => void;
}

/** One resource as one viewer may see it: nothing at all while they may not list it. */
export class Watched<T extends KubeObject> {
  #state: SectionState = 'loading';
  #informer: Informer<T> | undefined;
  #stopInformer: (() => void) | undefined;

  constructor(private readonly options: WatchedOptions) {}

  get state(): SectionState {
    return this.#state;
  }

  get message(): string | undefined {
    if (this.#state !== 'denied') return undefined;
    const { ref, namespace } = this.options;
    return `you may not list ${qualifiedResource(ref)}${namespace ? ` in namespace ${namespace}` : qualifiedResource(ref) === 'nodes' ? '' : ' in all namespaces'}`;
  }

  list(): readonly T[] {
    return this.#state === 'ready' ? (this.#informer?.list() ?? []) : [];
  }

  /** Lives until `ctx` is aborted. */
  async run(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      try {
        if (await this.#allowed(ctx)) this.#begin(ctx);
        else this.#deny();
      } catch (error) {
        // Not known is not no: what was allowed a moment ago stays, what was not does not come.
        if (!isAborted(error)) ctx.log.debug('could not ask what a viewer may see', { error });
      }
      await ctx.clock.sleep(recheckRights, ctx.signal).catch(() => {});
    }
    this.#stopInformer?.();
  }

  async #allowed(ctx: Context): Promise<boolean> {
    const { client, ref, namespace } = this.options;
    const may = async (verb: string): Promise<boolean> => {
      const answer = await client.raw(
        {
          method: 'POST',
          path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
          body: {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SelfSubjectAccessReview',
            spec: {
              resourceAttributes: {
                verb,
                group: ref.group,
                resource: ref.resource,
                ...(namespace ? { namespace } : {}),
              },
            },
          },
        },
        ctx,
      );
      return (answer.object as { status?: { allowed?: boolean } }).status?.allowed === true;
    };
    return (await may('list')) && (await may('watch'));
  }

  #begin(parent: Context): void {
    if (this.#informer) return;
    const { client, ref, namespace, onChange } = this.options;
    const { ctx, controller } = childContext(parent);
    const informers = createInformerSet(client, { scopeOf: () => ({ ...(namespace ? { namespace } : {}) }) });
    const informer = informers.of<T>(ref);
    informer.subscribe({ added: onChange, updated: onChange, deleted: onChange });
    this.#informer = informer;
    this.#become('loading');
    const ended = informers.start(ctx).then(({ done }) => done);
    const synced = informer.whenSynced(ctx.signal).then(() => this.#become('ready'));
    for (const promise of [ended, synced])
      promise.catch((error: unknown) => {
        if (!ctx.signal.aborted) parent.log.error('a view fell behind', { error });
      });
    this.#stopInformer = () => controller.abort(new DOMException('nobody looks any more', 'AbortError'));
  }

  #deny(): void {
    this.#stopInformer?.();
    this.#stopInformer = undefined;
    this.#informer = undefined;
    this.#become('denied');
  }

  #become(state: SectionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.options.onChange();
  }
}
