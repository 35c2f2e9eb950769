import { randomUUID } from 'node:crypto';
import type { ObjectReader, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { beginningOf, firstTold } from '@kubernest/meta';
import type { TokenClaims, TokenSigner } from '@kubernest/pki';
import { claimedIssuer } from '@kubernest/pki';
import { type BoundObject, findFault, type Need, needsOf, type TokenBinding } from './token-binding.ts';
import { serviceAccountGroups, serviceAccountUsername } from './users.ts';

export interface TokenAuthorityOptions {
  readonly signer: TokenSigner;
  /** `iss` of every token: `https://kubernetes.default.svc.cluster.local` unless the cluster says otherwise. */
  readonly issuer: string;
  /** Audiences that mean this API server; the first is used when a request names none. */
  readonly audiences: readonly string[];
  /** Verified tokens remembered; 4096 unless given. */
  readonly remembered?: number;
}

export interface TokenOrder {
  readonly serviceAccount: BoundObject & { readonly namespace: string };
  readonly bound?: { readonly kind: 'pod' | 'secret' | 'node'; readonly object: BoundObject };
  /** The node of a bound pod, told along for whoever reviews the token. */
  readonly node?: TokenBinding['node'];
  readonly audiences: readonly string[];
  readonly seconds: number;
  /** After this many seconds its use is a sign that a client does not reload; set where `seconds` was stretched. */
  readonly warnAfterSeconds?: number;
}

export type TokenReview =
  /** Not a token of ours: ask somebody else. */
  | { readonly verdict: 'foreign' }
  | { readonly verdict: 'invalid'; readonly reason: string }
  | { readonly verdict: 'valid'; readonly user: UserInfo; readonly audiences: readonly string[] };

/** Makes and judges service account tokens. Knows no cache of objects: who judges brings the reader. */
export interface TokenAuthority {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly jwks: TokenSigner['jwks'];
  issue(order: TokenOrder, ctx: Context): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /**
   * Is it ours, in time, for one of `audiences`, and do the account and the object it is bound to still exist? The signature of a
   * token is checked once; times and objects every time. At once (no promise) for a token that is remembered.
   */
  review(
    token: string,
    audiences: readonly string[],
    read: ObjectReader,
    ctx: Context,
  ): TokenReview | Promise<TokenReview>;
}

interface Known {
  readonly token: string;
  readonly claims: TokenClaims;
  readonly needs: readonly Need[];
  readonly user: UserInfo;
}

export function tokenAuthority(options: TokenAuthorityOptions): TokenAuthority {
  const { signer, issuer, audiences } = options;
  const limit = options.remembered ?? 4096;
  const known = new Map<string, Known>();

  const remember = (value: Known): void => {
    if (known.size >= limit) known.delete(known.keys().next().value as string);
    known.set(value.token, value);
  };
  const judge = (value: Known, wanted: readonly string[], read: ObjectReader, ctx: Context) => {
    // Both may be very many: what is reviewed names as many as a body holds.
    const asked = new Set(wanted);
    const shared = value.claims.aud.filter((audience) => asked.has(audience));
    const faultOfClaims = timeFault(value.claims, ctx.clock.now());
    if (faultOfClaims !== undefined) return invalid(faultOfClaims);
    if (shared.length === 0) return invalid(audienceFault(value.claims.aud, wanted));
    const valid: TokenReview = { verdict: 'valid', user: value.user, audiences: shared };
    const fault = findFault(value.needs, read, ctx);
    if (fault === undefined) return valid;
    return fault.then((reason) => {
      if (reason !== undefined) known.delete(value.token);
      return reason === undefined ? valid : invalid(reason);
    });
  };

  return {
    issuer,
    audiences,
    jwks: signer.jwks,
    async issue(order, ctx) {
      const now = Math.floor(ctx.clock.now().getTime() / 1000);
      const claims = claimsOf(order, issuer, now);
      return { token: await signer.sign(claims), expiresAt: new Date(claims.exp * 1000) };
    },
    review(token, wanted, read, ctx) {
      const found = known.get(token);
      if (found) return judge(found, wanted, read, ctx);
      if (claimedIssuer(token) !== issuer) return { verdict: 'foreign' };
      return signer.verify(token).then((claims) => {
        const binding = claims && bindingOf(claims);
        if (!claims || !binding) return invalid('invalid bearer token');
        const value = { token, claims, needs: needsOf(binding), user: userOf(claims, binding) };
        remember(value);
        return judge(value, wanted, read, ctx);
      });
    },
  };
}

const invalid = (reason: string): TokenReview => ({ verdict: 'invalid', reason });

function timeFault(claims: TokenClaims, now: Date): string | undefined {
  const seconds = now.getTime() / 1000;
  if (seconds >= claims.exp) return 'service account token has expired';
  // Another server's clock may be ahead of ours by a little.
  if (typeof claims.nbf === 'number' && seconds < claims.nbf - 60) return 'service account token is not valid yet';
  return undefined;
}

const audienceFault = (own: readonly string[], wanted: readonly string[]): string =>
  `token audiences ${quoted(own)} is invalid for the target audiences ${quoted(wanted)}`;

const quoted = (values: readonly string[]): string =>
  beginningOf(`[${firstTold(values, (value) => JSON.stringify(beginningOf(value))).join(' ')}]`);

function claimsOf(order: TokenOrder, issuer: string, now: number): TokenClaims {
  const { namespace, name, uid } = order.serviceAccount;
  return {
    aud: order.audiences,
    exp: now + order.seconds,
    iat: now,
    iss: issuer,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace,
      ...(order.node ? { node: order.node } : {}),
      ...(order.bound ? { [order.bound.kind]: order.bound.object } : {}),
      serviceaccount: { name, uid },
      ...(order.warnAfterSeconds === undefined ? {} : { warnafter: now + order.warnAfterSeconds }),
    },
    nbf: now,
    sub: serviceAccountUsername(namespace, name),
  };
}

function bindingOf(claims: TokenClaims): TokenBinding | undefined {
  const about = claims['kubernetes.io'] as (Partial<TokenBinding> & { namespace?: string }) | undefined;
  if (!about?.namespace || !about.serviceaccount?.name) return undefined;
  if (claims.sub !== serviceAccountUsername(about.namespace, about.serviceaccount.name)) return undefined;
  return about as TokenBinding;
}

function userOf(claims: TokenClaims, binding: TokenBinding): UserInfo {
  const key = (name: string) => `authentication.kubernetes.io/${name}`;
  return Object.freeze({
    username: claims.sub,
    uid: binding.serviceaccount.uid,
    groups: serviceAccountGroups(binding.namespace),
    extra: {
      [key('credential-id')]: [`JTI=${claims.jti}`],
      ...(binding.pod ? { [key('pod-name')]: [binding.pod.name], [key('pod-uid')]: [binding.pod.uid] } : {}),
      ...(binding.node ? { [key('node-name')]: [binding.node.name] } : {}),
      ...(binding.node?.uid ? { [key('node-uid')]: [binding.node.uid] } : {}),
    },
  });
}
