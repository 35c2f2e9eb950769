import { type ApiRequest, type Authorizer, mustBeAllowed, type UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { badRequest, onceDone } from '@kubernest/meta';
import { ANONYMOUS, AUTHENTICATED_GROUP, UNAUTHENTICATED_GROUP } from './authenticate.ts';
import { type Ask, checkImpersonation, type Impersonation } from './impersonation-check.ts';
import { accountIn, type ImpersonationMode, impersonationModes, nodeIn } from './impersonation-modes.ts';
import type { Passage, Stage } from './stage.ts';

const PREFIX = 'impersonate-';
const EXTRA = `${PREFIX}extra-`;
/** Who was let in by which mode lately; the one that is forgotten is the one not seen for longest. */
const MOST_REMEMBERED = 10_000;

/** As whom it acts. */
export function impersonate(authorize: Authorizer['authorize']): Stage {
  const impersonations = new Impersonations(authorize);
  const enter = (passage: Passage, ctx: Context): Promise<void> | void => {
    const { request, info, sender } = passage;
    const user = impersonations.user(request, { sender: sender!, info }, ctx);
    return onceDone(user, (acting) => {
      passage.user = acting;
    });
  };
  return { enter };
}

/** The user a request acts as: whom its Impersonate headers name, if the sender may, in one of the modes, be all of that. */
export class Impersonations {
  readonly #lastModes = new Map<string, ImpersonationMode>();

  constructor(private readonly authorize: Authorizer['authorize']) {}

  /** At once for who acts as himself, as nearly everybody does. */
  user(
    request: ApiRequest,
    { sender, info }: Omit<Impersonation, 'wanted'>,
    ctx: Context,
  ): UserInfo | Promise<UserInfo> {
    const wanted = requested(request);
    return wanted ? this.#impersonated({ sender, wanted, info }, ctx) : sender;
  }

  async #impersonated({ sender, wanted, info }: Impersonation, ctx: Context): Promise<UserInfo> {
    const ask: Ask = (user, about) => mustBeAllowed(user, about, this.authorize, ctx);
    let refused: unknown;
    for (const mode of this.#inTurn(sender)) {
      if (!mode.appliesTo(wanted, sender)) continue;
      try {
        await checkImpersonation(mode, { sender, wanted, info }, ask);
        this.#remember(sender, mode);
        return effective(wanted, mode);
      } catch (error) {
        // Where no mode allows it, the refusal is that of the first.
        refused ??= error;
      }
    }
    throw refused;
  }

  /** compat: the mode that went well last time comes first, so that it costs no more than it must. */
  #inTurn({ username }: UserInfo): readonly ImpersonationMode[] {
    const last = this.#lastModes.get(username);
    return last ? [last, ...impersonationModes.filter((mode) => mode !== last)] : impersonationModes;
  }

  #remember({ username }: UserInfo, mode: ImpersonationMode): void {
    this.#lastModes.delete(username);
    this.#lastModes.set(username, mode);
    if (this.#lastModes.size <= MOST_REMEMBERED) return;
    for (const oldest of this.#lastModes.keys()) return void this.#lastModes.delete(oldest);
  }
}

function requested(request: ApiRequest): UserInfo | undefined {
  const names: string[] = [];
  for (const name in request.headers) if (name.startsWith(PREFIX)) names.push(name);
  if (names.length === 0) return undefined;
  const username = valuesOf(request, 'impersonate-user')[0] ?? '';
  const uid = valuesOf(request, 'impersonate-uid')[0] ?? '';
  const groups = valuesOf(request, 'impersonate-group');
  // A map, and own properties made from it: any name is a key, `__proto__` as well.
  const extra = new Map<string, readonly string[]>();
  for (const name of names.filter((each) => each.startsWith(EXTRA))) {
    const key = unescaped(name.slice(EXTRA.length));
    extra.set(key, [...(extra.get(key) ?? []), ...valuesOf(request, name)]);
  }
  if (username === '') {
    if (uid === '' && groups.length === 0 && extra.size === 0) return undefined;
    throw badRequest(
      'requested a uid, groups or extra to impersonate without impersonating a user name: send Impersonate-User as well',
    );
  }
  return {
    username,
    groups,
    ...(uid === '' ? {} : { uid }),
    ...(extra.size > 0 ? { extra: Object.fromEntries(extra) } : {}),
  };
}

/** What a header's name cannot contain is percent-encoded; what is not, is meant as it stands. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** A header that was sent several times has several values; without the connection's own record they are joined by a comma and a space. */
function valuesOf({ http, headers }: ApiRequest, name: string): readonly string[] {
  const joined = headers[name];
  if (joined === undefined) return [];
  return http?.headersDistinct[name] ?? joined.split(', ');
}

/**
 * A service account gets the groups its token would carry, a node those of its certificate. Everybody is authenticated but the anonymous
 * user, and whoever is said not to be.
 */
function effective(user: UserInfo, mode: ImpersonationMode): UserInfo {
  const given = user.groups.length === 0 ? ownGroups(user.username, mode) : user.groups;
  const isAnonymous = user.username === ANONYMOUS.username;
  const settled = isAnonymous ? [UNAUTHENTICATED_GROUP] : [AUTHENTICATED_GROUP, UNAUTHENTICATED_GROUP];
  return given.some((group) => settled.includes(group))
    ? { ...user, groups: given }
    : { ...user, groups: [...given, settled[0]!] };
}

/** compat: the oldest mode knows nothing of nodes. */
function ownGroups(username: string, mode: ImpersonationMode): readonly string[] {
  const account = accountIn(username);
  if (account) return ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`];
  return mode.on !== undefined && nodeIn(username) !== undefined ? ['system:nodes'] : [];
}
