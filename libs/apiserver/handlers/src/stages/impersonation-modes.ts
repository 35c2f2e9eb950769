import type { UserInfo } from '@kubernest/apiserver/contract';
import { validateDns1123Label, validateDns1123Subdomain } from '@kubernest/meta';

/** A way to act as somebody else, which has permissions of its own. Source: Kubernetes 1.36's constrained impersonation (facts). */
export interface ImpersonationMode {
  /** The verb that each part of the identity is asked for with. */
  readonly verb: string;
  /**
   * Set where what is asked for in the end is asked for under this mode as well, as `<on>:<verb>`. Then some parts are refused whoever
   * asks.
   */
  readonly on?: string;
  /** Permission is for whichever object of its kind the user is. */
  readonly ofAnyName?: boolean;
  appliesTo(wanted: UserInfo, sender: UserInfo): boolean;
  /** As whom the authorizer sees the sender. */
  seen?(sender: UserInfo): UserInfo;
}

const NODE_NAME = 'authentication.kubernetes.io/node-name';
const NODE_KEYS = 'authentication.kubernetes.io/associated-node-keys';
const nodePrefix = 'system:node:';
const accountForm = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The name of the node that this user is. */
export function nodeIn(username: string): string | undefined {
  if (!username.startsWith(nodePrefix)) return undefined;
  const name = username.slice(nodePrefix.length);
  return validateDns1123Subdomain(name).length === 0 ? name : undefined;
}

/** The service account that this user is. */
export function accountIn(username: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace = '', name = ''] = accountForm.exec(username) ?? [];
  const isAccount = validateDns1123Label(namespace).length === 0 && validateDns1123Subdomain(name).length === 0;
  return isAccount ? { namespace, name } : undefined;
}

const isNameAlone = ({ groups, uid, extra }: UserInfo): boolean => !uid && !extra && groups.length === 0;
const isNodeAlone = (wanted: UserInfo): boolean => isNameAlone(wanted) && nodeIn(wanted.username) !== undefined;

/** The node that the sender's own token was made for. */
function isNodeOf(sender: UserInfo, node: string | undefined): boolean {
  const proven = sender.extra?.[NODE_NAME] ?? [];
  return accountIn(sender.username) !== undefined && proven.length === 1 && proven[0] === node;
}

const constrained = (name: string, mode: Omit<ImpersonationMode, 'verb' | 'on'>): ImpersonationMode => ({
  verb: `impersonate:${name}`,
  on: `impersonate-on:${name}`,
  ...mode,
});

/** In the order in which they are tried. */
export const impersonationModes: readonly ImpersonationMode[] = [
  constrained('associated-node', {
    ofAnyName: true,
    appliesTo: (wanted, sender) => isNodeAlone(wanted) && isNodeOf(sender, nodeIn(wanted.username)),
    seen: (sender) => ({ ...sender, extra: { [NODE_KEYS]: Object.keys(sender.extra ?? {}).sort() } }),
  }),
  constrained('arbitrary-node', { appliesTo: isNodeAlone }),
  constrained('serviceaccount', {
    appliesTo: (wanted) => isNameAlone(wanted) && accountIn(wanted.username) !== undefined,
  }),
  constrained('user-info', {
    appliesTo: ({ username }) => nodeIn(username) === undefined && accountIn(username) === undefined,
  }),
  { verb: 'impersonate', appliesTo: () => true },
];
