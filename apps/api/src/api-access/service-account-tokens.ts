import type { TokenRequest } from '@kubernest/api-types/authentication/v1';
import type { Client } from '@kubernest/client';
import { type Context, isAborted, type Milliseconds, messageOf } from '@kubernest/kit';
import { isAlreadyExists, isNotFound, type KubeObject } from '@kubernest/meta';

const NAMESPACE = 'kube-system';
const LIFE_SECONDS = 3600;
const RETRY: Milliseconds = 10_000;
/** Of its life: then there is time to ask again and again. */
const RENEWED_AFTER = 0.8;

const accounts = { group: '', version: 'v1', resource: 'serviceaccounts' };

/** Tokens of service accounts of `kube-system`, asked for as the controller manager does, and renewed long before they end. */
export class ServiceAccountTokens {
  readonly #held = new Map<string, string>();

  constructor(private readonly client: Client) {}

  /** Resolves once there is a token for each; goes on renewing them until `ctx` ends. */
  async hold(names: readonly string[], ctx: Context): Promise<void> {
    const ends = await Promise.all(
      [...new Set(names)].map(async (name) => [name, await this.#renew(name, ctx)] as const),
    );
    for (const [name, end] of ends) void this.#keep(name, end, ctx);
  }

  of(name: string): string {
    return this.#held.get(name)!;
  }

  async #keep(name: string, first: Date, ctx: Context): Promise<void> {
    let wait = waitFor(first, ctx);
    while (!ctx.signal.aborted) {
      try {
        await ctx.clock.sleep(wait, ctx.signal);
        wait = waitFor(await this.#renew(name, ctx), ctx);
      } catch (error) {
        if (ctx.signal.aborted || isAborted(error)) return;
        ctx.log.warn(`the token of ${name} could not be renewed, trying again: ${messageOf(error)}`);
        wait = RETRY;
      }
    }
  }

  /** Resolves with when the token ends. */
  async #renew(name: string, ctx: Context): Promise<Date> {
    const { status } = await this.#request(name, ctx).catch(async (error: unknown) => {
      if (!isNotFound(error)) throw error;
      await this.#create(name, ctx);
      return this.#request(name, ctx);
    });
    if (!status?.token || !status.expirationTimestamp) throw new Error(`no token was issued for ${name}`);
    this.#held.set(name, status.token);
    return new Date(status.expirationTimestamp);
  }

  #request(name: string, ctx: Context): Promise<TokenRequest> {
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: LIFE_SECONDS },
    };
    const account = { namespace: NAMESPACE, name };
    return this.client.resource(accounts).subresource<TokenRequest>(account, 'token', 'POST', body, ctx);
  }

  async #create(name: string, ctx: Context): Promise<void> {
    const account: KubeObject = { metadata: { name, namespace: NAMESPACE } };
    await this.client
      .resource(accounts)
      .create(account, {}, ctx)
      .catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
  }
}

const waitFor = (end: Date, { clock }: Context): Milliseconds =>
  Math.max(RETRY, (end.getTime() - clock.now().getTime()) * RENEWED_AFTER);
