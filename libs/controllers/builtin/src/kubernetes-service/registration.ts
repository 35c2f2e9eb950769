import type { Client } from '@kubernest/client';
import type { Lease } from '@kubernest/kinds';
import { type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import { isNotFound, wireMicroTime } from '@kubernest/meta';
import { API_SERVER_LEASES, IDENTITY, IDENTITY_LABEL, SERVED_ANNOTATION } from '../shared/api-server-lease.ts';
import { refs } from '../shared/refs.ts';
import { type ApiEndpoint, identityOf } from './kubernetes-service.plan.ts';

const LEASE_SECONDS = 20;
const RETRY_AFTER: Milliseconds = 1_000;

/** An API server's own Lease: that it lives, where it answers, and which custom resources it serves. One write at a time. */
export class Registration {
  readonly #key: { readonly namespace: string; readonly name: string };
  #announced: string | undefined;
  #written: string | undefined;
  #last: Promise<void> = Promise.resolve();
  #telling: Promise<void> | undefined;
  #ctx: Context | undefined;

  constructor(
    private readonly client: Client,
    private readonly endpoint: ApiEndpoint,
  ) {
    const { address, port } = endpoint;
    this.#key = {
      namespace: API_SERVER_LEASES,
      name: `apiserver-${address.replaceAll(':', '-')}-${port}`.toLowerCase(),
    };
  }

  /** Told at once, together with what is announced while another write is on its way; before the first renewal, with that. Never throws. */
  announce(version: string): void {
    this.#announced = version;
    if (!this.#ctx || this.#ctx.signal.aborted) return;
    this.#telling ??= this.#tell(this.#ctx).finally(() => {
      this.#telling = undefined;
    });
  }

  /** Also the first registration. What a server that had this address before has announced is not said again. */
  renew(ctx: Context): Promise<void> {
    this.#ctx = ctx;
    const next = this.#last.catch(() => {}).then(() => this.#write(ctx));
    this.#last = next;
    return next;
  }

  /** After `ctx` of the renewals was aborted: nothing is written after it. */
  async withdraw(ctx: Context): Promise<void> {
    await this.#telling;
    await this.#last.catch(() => {});
    await this.client.resource(refs.leases).delete(this.#key, {}, ctx);
  }

  async #tell(ctx: Context): Promise<void> {
    while (this.#written !== this.#announced && !ctx.signal.aborted) {
      try {
        await this.renew(ctx);
      } catch (error) {
        if (ctx.signal.aborted) return;
        ctx.log.warn('cannot tell now which custom resources are served', { error: messageOf(error) });
        await ctx.clock.sleep(RETRY_AFTER, ctx.signal).catch(() => {});
      }
    }
  }

  async #write(ctx: Context): Promise<void> {
    const api = this.client.resource<Lease>(refs.leases);
    const version = this.#announced;
    const annotations = { [SERVED_ANNOTATION]: version ?? null };
    const spec = {
      holderIdentity: identityOf(this.endpoint),
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: wireMicroTime(ctx.clock.now()),
    };
    const body = { metadata: { annotations }, spec };
    try {
      await api.patch(this.#key, { type: 'merge', body }, {}, ctx);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const labels = { [IDENTITY_LABEL]: IDENTITY };
      const metadata = {
        ...this.#key,
        labels,
        ...(version !== undefined && { annotations: { [SERVED_ANNOTATION]: version } }),
      };
      await api.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }, {}, ctx);
    }
    this.#written = version;
  }
}
