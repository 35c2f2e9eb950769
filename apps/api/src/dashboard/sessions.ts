import type { ApiServer, UserInfo } from '@kubernest/apiserver/contract';
import type { Context, Milliseconds } from '@kubernest/kit';
import type { SealingKey } from '@kubernest/pki';
import type { Store } from '@kubernest/store/contract';
import { callerOf } from './caller.ts';
import type { Evidence } from './evidence.ts';
import { SealedPasses } from './sealed-passes.ts';
import { StoredPasses } from './stored-passes.ts';

const LINK_LIFE: Milliseconds = 10 * 60_000;
const SESSION_LIFE: Milliseconds = 12 * 3_600_000;
/** A page asks for one in the moment in which it opens a socket. */
const PAGE_LIFE: Milliseconds = 60_000;
const LOOKED_AT_EVERY: Milliseconds = 5_000;

export interface Visitor {
  readonly user: UserInfo;
  readonly evidence: Evidence;
}

/**
 * Who is who at the dashboard: the same on every API server of the cluster, and after a restart. No pass stands for a user: each leads to
 * the credential that proved one, which is judged again at every use, so that none outlives it or what it depends on.
 */
export class Sessions {
  /** In an address, for one opening. */
  readonly links: StoredPasses;
  /** In a cookie. */
  readonly sessions: StoredPasses;
  /** Given to a page by an answer that another site's page cannot read; a socket without one is refused. Looking at a cluster writes nothing. */
  readonly pages: SealedPasses;

  constructor(
    private readonly apiServer: ApiServer,
    store: Store,
    { sealingKey, clock }: { readonly sealingKey: SealingKey } & Pick<Context, 'clock'>,
  ) {
    this.links = new StoredPasses({ store, sealingKey, kind: 'links', life: LINK_LIFE });
    this.sessions = new StoredPasses({ store, sealingKey, kind: 'sessions', life: SESSION_LIFE });
    this.pages = new SealedPasses(sealingKey, PAGE_LIFE, clock);
  }

  /** Undefined where the evidence proves nobody, or does so no more. Throws where that cannot be told now. */
  async visitor(evidence: Evidence | undefined, ctx: Context): Promise<Visitor | undefined> {
    const user = evidence && (await callerOf(this.apiServer, evidence, ctx));
    return user && { user, evidence };
  }

  /** Calls `gone` once `visitor` is not who they were any more, at most `LOOKED_AT_EVERY` and an answer later. Returns what ends that. */
  watch({ user, evidence }: Visitor, gone: () => void, ctx: Context): () => void {
    const before = JSON.stringify(user);
    let stopped = false;
    let cancel = (): void => {};
    const look = async (): Promise<void> => {
      const now = await this.visitor(evidence, ctx).then(
        (visitor) => JSON.stringify(visitor?.user),
        // Who cannot be told is who they were.
        () => before,
      );
      if (stopped) return;
      if (now === before) later();
      else gone();
    };
    const later = (): void => {
      cancel = ctx.clock.after(LOOKED_AT_EVERY, () => void look());
    };
    later();
    return () => {
      stopped = true;
      cancel();
    };
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
