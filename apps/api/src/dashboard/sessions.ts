import { randomBytes } from 'node:crypto';
import type { UserInfo } from '@kubernest/apiserver/engine';
import type { Clock, Milliseconds } from '@kubernest/kit';

const LINK_LIFE: Milliseconds = 10 * 60_000;
const SESSION_LIFE: Milliseconds = 12 * 3_600_000;
const PAGE_LIFE: Milliseconds = 10 * 60_000;
/** More than anyone needs; the oldest go first, so that nobody fills the memory. */
const MOST = 1_000;

/** Secrets that stand for a user for a while. In memory alone: a restart of the control plane ends them. */
export class Passes {
  readonly #known = new Map<string, { readonly user: UserInfo; readonly until: Milliseconds }>();

  constructor(
    private readonly clock: Clock,
    private readonly life: Milliseconds,
  ) {}

  issue(user: UserInfo): string {
    const now = this.clock.monotonic();
    for (const [code, { until }] of this.#known) if (until <= now || this.#known.size >= MOST) this.#known.delete(code);
    const code = randomBytes(24).toString('base64url');
    this.#known.set(code, { user, until: now + this.life });
    return code;
  }

  userOf(code: string): UserInfo | undefined {
    const pass = this.#known.get(code);
    return pass && pass.until > this.clock.monotonic() ? pass.user : undefined;
  }

  /** Only once. */
  take(code: string): UserInfo | undefined {
    const user = this.userOf(code);
    this.#known.delete(code);
    return user;
  }
}

export class Sessions {
  /** In an address, for one opening. */
  readonly links: Passes;
  /** In a cookie. */
  readonly sessions: Passes;
  /** Given to a page by an answer that another site's page cannot read; a socket without one is refused. */
  readonly pages: Passes;

  constructor(clock: Clock) {
    this.links = new Passes(clock, LINK_LIFE);
    this.sessions = new Passes(clock, SESSION_LIFE);
    this.pages = new Passes(clock, PAGE_LIFE);
  }
}

export const COOKIE = 'kubernest-session';

export const cookieFor = (session: string): string =>
  `${COOKIE}=${session}; Path=/ui; HttpOnly; Secure; SameSite=Strict; Max-Age=${SESSION_LIFE / 1000}`;

export function sessionIn(header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=');
    if (name === COOKIE) return value;
  }
  return undefined;
}
