import type { Client } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import { uidOf } from '../pods/pod.ts';
import { type Pod, SERVICE_ACCOUNTS } from '../types.ts';
import type { TokenSource } from '../volumes/volume.ts';

interface Issued {
  readonly token: string;
  readonly refreshAt: number;
}

const DAY = 24 * 3_600_000;

/** Service account tokens bound to their pod, asked for again when four fifths of their life, or a day, are over. */
export class PodTokens implements TokenSource {
  readonly #issued = new Map<string, Map<string, Issued>>();

  constructor(private readonly client: Client) {}

  async token(
    pod: Pod,
    request: { readonly audience?: string; readonly expirationSeconds: number },
    ctx: Context,
  ): Promise<Issued> {
    const own = this.#issued.get(uidOf(pod)) ?? new Map<string, Issued>();
    this.#issued.set(uidOf(pod), own);
    const key = `${request.audience ?? ''} ${request.expirationSeconds}`;
    const held = own.get(key);
    if (held && held.refreshAt > +ctx.clock.now()) return held;
    const issued = await this.#issue(pod, request, ctx);
    own.set(key, issued);
    return issued;
  }

  release(podUid: string): void {
    this.#issued.delete(podUid);
  }

  async #issue(
    pod: Pod,
    request: { readonly audience?: string; readonly expirationSeconds: number },
    ctx: Context,
  ): Promise<Issued> {
    const { name = '', namespace, uid = '' } = pod.metadata;
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: {
        audiences: request.audience ? [request.audience] : [],
        expirationSeconds: request.expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    };
    const account = pod.spec?.serviceAccountName || 'default';
    const answer = await this.client
      .resource(SERVICE_ACCOUNTS)
      .subresource<{ status?: { token?: string; expirationTimestamp?: string } }>(
        { namespace, name: account },
        'token',
        'POST',
        body,
        ctx,
      );
    if (!answer.status?.token) throw new Error(`serviceaccounts "${account}" got no token`);
    const now = +ctx.clock.now();
    const expires = answer.status.expirationTimestamp
      ? +new Date(answer.status.expirationTimestamp)
      : now + request.expirationSeconds * 1000;
    return { token: answer.status.token, refreshAt: now + Math.min(DAY, Math.max(1000, (expires - now) * 0.8)) };
  }
}
