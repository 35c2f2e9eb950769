import type { TLSSocket } from 'node:tls';
import { type Client, reviewed } from '@kubernest/client';
import type { Context, Milliseconds } from '@kubernest/kit';
import { bearerTokenOf, clientCertificateOf, isValidAt } from '@kubernest/pki';

export interface Caller {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

export interface NodeAccess {
  readonly verb: 'get' | 'create' | 'update' | 'patch' | 'delete';
  readonly subresource: string;
}

const ALLOWED_FOR: Milliseconds = 300_000;
const DENIED_FOR: Milliseconds = 30_000;

/** Which subresource of its Node a path of the agent's API is guarded as. */
export function accessOf(method: string, path: string): NodeAccess {
  const verbs = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const;
  const under = (prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);
  const subresource = under('/stats')
    ? 'stats'
    : under('/metrics')
      ? 'metrics'
      : under('/logs')
        ? 'log'
        : under('/healthz')
          ? 'healthz'
          : under('/pods') || under('/runningpods')
            ? 'pods'
            : 'proxy';
  return { verb: verbs[method as keyof typeof verbs] ?? 'get', subresource };
}

/** Asks the API server who a bearer is and what they may do here; answers are kept for a while, as every exec asks again. */
export class NodeAuth {
  readonly #tokens = new Map<string, { caller: Caller | undefined; until: number }>();
  readonly #decisions = new Map<string, { allowed: boolean; until: number }>();

  constructor(
    private readonly client: Client,
    private readonly nodeName: string,
  ) {}

  /** From the client's certificate, else from the bearer token; undefined: nobody. */
  async authenticate(socket: TLSSocket, authorization: string | undefined, ctx: Context): Promise<Caller | undefined> {
    const certificate = clientCertificateOf(socket);
    if (typeof certificate === 'object' && certificate.commonName && isValidAt(certificate, ctx.clock.now()))
      return { username: certificate.commonName, groups: [...certificate.organizations, 'system:authenticated'] };
    const token = bearerTokenOf(authorization);
    if (!token) return undefined;
    const now = +ctx.clock.now();
    const held = this.#tokens.get(token);
    if (held && held.until > now) return held.caller;
    const status = await reviewed<{
      authenticated: boolean;
      user: { username?: string; groups?: string[]; uid?: string };
    }>({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }, this.client, ctx);
    const caller =
      status.authenticated && status.user?.username
        ? { username: status.user.username, groups: status.user.groups ?? [], uid: status.user.uid }
        : undefined;
    // Short, so that a revoked token does not live on here.
    keep(this.#tokens, token, { caller, until: now + 10_000 });
    return caller;
  }

  async mayAccess(caller: Caller, access: NodeAccess, ctx: Context): Promise<boolean> {
    const key = JSON.stringify([caller, access]);
    const now = +ctx.clock.now();
    const held = this.#decisions.get(key);
    if (held && held.until > now) return held.allowed;
    // compat: the finer subresources are new; whoever may `proxy` may all of them.
    const fine = access.subresource === 'pods' || access.subresource === 'healthz';
    const allowed =
      (await this.#ask(caller, access, ctx)) ||
      (fine && (await this.#ask(caller, { ...access, subresource: 'proxy' }, ctx)));
    keep(this.#decisions, key, { allowed, until: now + (allowed ? ALLOWED_FOR : DENIED_FOR) });
    return allowed;
  }

  async #ask(caller: Caller, access: NodeAccess, ctx: Context): Promise<boolean> {
    const spec = {
      user: caller.username,
      groups: [...caller.groups],
      ...(caller.uid ? { uid: caller.uid } : {}),
      resourceAttributes: {
        verb: access.verb,
        group: '',
        version: 'v1',
        resource: 'nodes',
        subresource: access.subresource,
        name: this.nodeName,
      },
    };
    const status = await reviewed<{ allowed: boolean }>(
      { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec },
      this.client,
      ctx,
    );
    return status.allowed === true;
  }
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size > 1000) map.delete(map.keys().next().value ?? '');
}
