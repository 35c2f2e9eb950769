import { mastersGroup } from '@kubernest/apiserver/authn';
import type { Authorizer } from '@kubernest/apiserver/contract';

/** The way in that no role can take away: whoever holds a certificate with `O=system:masters`. */
export function mastersAuthorizer(): Authorizer {
  const allowed = { verdict: 'allow', reason: '' } as const;
  const silent = { verdict: 'no-opinion', reason: '' } as const;
  return { name: 'Masters', authorize: ({ user }) => (user.groups.includes(mastersGroup) ? allowed : silent) };
}
