import { notAllowed, type RequestInfo, type UserInfo } from '@kubernest/apiserver/contract';
import { validateDns1123Subdomain } from '@kubernest/meta';
import { accountIn, type ImpersonationMode, nodeIn } from './impersonation-modes.ts';

export interface Impersonation {
  readonly sender: UserInfo;
  readonly wanted: UserInfo;
  /** What is asked for in the end. */
  readonly info: RequestInfo;
}

/** Throws 403 unless it is allowed. */
export type Ask = (user: UserInfo, info: RequestInfo) => Promise<void>;

interface Part {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty: none that could be permitted by name. */
  readonly name: string;
  readonly namespace: string | undefined;
}

const AUTHENTICATION = 'authentication.k8s.io';
/** So many parts may be asked for all at once. */
const MANY = 4;

/** Asks for every permission that this mode takes; the first that is missing is thrown as 403. */
export async function checkImpersonation(
  mode: ImpersonationMode,
  { sender, wanted, info }: Impersonation,
  ask: Ask,
): Promise<void> {
  const seen = mode.seen?.(sender) ?? sender;
  if (mode.on !== undefined) await ask(seen, { ...info, verb: `${mode.on}:${info.verb}` });
  const asked = (part: Part): RequestInfo => infoOf(part, mode, info.path);
  await ask(seen, asked(namePart(wanted.username, mode)));
  if (wanted.uid) await ask(seen, asked(part('uids', wanted.uid)));
  for (const several of [groupParts(wanted, mode), extraParts(wanted)]) {
    const fault = mode.on === undefined ? undefined : several.fault;
    if (fault) throw notAllowed(sender, asked(fault.part), fault.why);
    if (mode.on !== undefined && several.parts.length >= MANY && (await isAllowed(ask(seen, asked(several.all)))))
      continue;
    for (const each of several.parts) await ask(seen, asked(each));
  }
}

const isAllowed = (asked: Promise<void>): Promise<boolean> =>
  asked.then(
    () => true,
    () => false,
  );

interface Several {
  readonly parts: readonly Part[];
  /** Whoever may be this may be any of them. */
  readonly all: Part;
  /** compat: what only the oldest mode lets through. */
  readonly fault: { readonly part: Part; readonly why: string } | undefined;
}

const part = (resource: string, name: string, more: Partial<Part> = {}): Part => ({
  group: AUTHENTICATION,
  resource,
  subresource: '',
  name,
  namespace: undefined,
  ...more,
});

const infoOf = ({ name, ...what }: Part, { verb }: Pick<ImpersonationMode, 'verb'>, path: string): RequestInfo => ({
  isResource: true,
  verb,
  path,
  version: 'v1',
  rest: [],
  ...what,
  name: name === '' ? undefined : name,
});

/** compat: the oldest mode knows users and groups as of the core group, and no nodes. */
const groupIn = ({ on }: ImpersonationMode): Pick<Part, 'group'> => ({ group: on === undefined ? '' : AUTHENTICATION });

function namePart(username: string, mode: ImpersonationMode): Part {
  const group = groupIn(mode);
  const account = accountIn(username);
  if (account) return part('serviceaccounts', account.name, { ...group, namespace: account.namespace });
  const node = mode.on === undefined ? undefined : nodeIn(username);
  return node === undefined ? part('users', username, group) : part('nodes', mode.ofAnyName ? '*' : node, group);
}

function groupParts({ groups }: UserInfo, mode: ImpersonationMode): Several {
  const of = (name: string): Part => part('groups', name, groupIn(mode));
  const wrong = groups.includes('') ? '' : groups.find((group) => group === 'system:masters');
  const what = wrong === '' ? 'the empty string' : 'the system:masters';
  return {
    parts: groups.map(of),
    all: of('*'),
    fault: wrong === undefined ? undefined : { part: of(wrong), why: `impersonating ${what} group is not allowed` },
  };
}

function extraParts({ extra = {} }: UserInfo): Several {
  const of = (subresource: string, name: string): Part => part('userextras', name, { subresource });
  const entries = Object.entries(extra);
  const why = entries.map(extraFault).find((fault) => fault !== undefined);
  return {
    parts: entries.flatMap(([key, values]) => values.map((value) => of(key, value))),
    all: of('*', '*'),
    fault: why === undefined ? undefined : { part: of('', ''), why },
  };
}

const pathForm = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

function extraFault([key, values]: readonly [string, readonly string[]]): string | undefined {
  if (key === '') return 'impersonating the empty string key in extra is not allowed';
  const slash = key.indexOf('/');
  const isPath =
    slash > 0 && validateDns1123Subdomain(key.slice(0, slash)).length === 0 && pathForm.test(key.slice(slash + 1));
  if (!isPath)
    return `impersonating an invalid key in extra is not allowed: extra.key: Invalid value: ${JSON.stringify(key)}: must be a domain-prefixed path (such as "acme.io/foo")`;
  if (key !== key.toLowerCase())
    return `impersonating a non-lowercase key in extra is not allowed: ${JSON.stringify(key)}`;
  if (values.includes('')) return 'impersonating the empty string value in extra is not allowed';
  return undefined;
}
