import type { Context, Milliseconds } from '@kubernest/kit';
import type { SealingKey } from '@kubernest/pki';
import type { Store } from '@kubernest/store/contract';
import { SealedPasses } from './sealed-passes.ts';
import { StoredPasses } from './stored-passes.ts';

const LINK_LIFE: Milliseconds = 10 * 60_000;
const SESSION_LIFE: Milliseconds = 12 * 3_600_000;
/** A page asks for one in the moment in which it opens a socket. */
const PAGE_LIFE: Milliseconds = 60_000;

/** Who is who at the dashboard: the same on every API server of the cluster, and after a restart. */
export class Sessions {
  /** In an address, for one opening. */
  readonly links: StoredPasses;
  /** In a cookie. */
  readonly sessions: StoredPasses;
  /** Given to a page by an answer that another site's page cannot read; a socket without one is refused. Looking at a cluster writes nothing. */
  readonly pages: SealedPasses;

  constructor(store: Store, sealingKey: SealingKey, { clock }: Pick<Context, 'clock'>) {
    this.links = new StoredPasses(store, 'links', LINK_LIFE);
    this.sessions = new StoredPasses(store, 'sessions', SESSION_LIFE);
    this.pages = new SealedPasses(sealingKey, PAGE_LIFE, clock);
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
