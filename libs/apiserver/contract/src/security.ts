import type { Context } from '@kubernest/kit';
import type { ApiRequest, RequestInfo, UserInfo } from './request.ts';

/** Tells who sent a request. `undefined`: not mine, ask the next. Throws `unauthorized()` for credentials of its sort that are wrong. */
export interface Authenticator {
  readonly name: string;
  authenticate(request: ApiRequest, ctx: Context): Promise<UserInfo | undefined> | UserInfo | undefined;
}

/** What someone wants to do. */
export interface Attributes {
  readonly user: UserInfo;
  readonly info: RequestInfo;
}

export interface Decision {
  readonly verdict: 'allow' | 'deny' | 'no-opinion';
  /** For people: which rule allowed it, or what is missing. */
  readonly reason: string;
}

/** Asked in order; the first that is not `no-opinion` decides; nobody's opinion means no. Must be quick: it answers from caches. */
export interface Authorizer {
  readonly name: string;
  authorize(attributes: Attributes, ctx: Context): Decision | Promise<Decision>;
  /** Rules of a user in a namespace for SelfSubjectRulesReview; absent when it cannot list them. */
  rulesFor?(user: UserInfo, namespace: string): readonly PolicyRule[];
}

/** A rule as RBAC writes it. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}
