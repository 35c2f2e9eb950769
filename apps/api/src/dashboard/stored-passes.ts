import { createHash, randomBytes } from 'node:crypto';
import type { UserInfo } from '@kubernest/apiserver/engine';
import type { Context, Milliseconds } from '@kubernest/kit';
import type { Entry, Store } from '@kubernest/store/contract';

/** More than anyone needs; a user's oldest goes first, so that nobody fills the store. */
export const MOST_OF_ONE_USER = 100;
const OWNER_LENGTH = 8;

/** Secrets that stand for a user for a while. The store knows what they hash to. */
export class StoredPasses {
  constructor(
    private readonly store: Store,
    private readonly kind: string,
    private readonly life: Milliseconds,
  ) {}

  async issue(user: UserInfo, ctx: Context): Promise<string> {
    const code = hashOf(user.username).slice(0, OWNER_LENGTH) + randomBytes(18).toString('base64url');
    const { entries } = await this.store.list(this.#ownersOf(code), {}, ctx);
    const oldest = entries.toSorted((a, b) => b.revision - a.revision).slice(MOST_OF_ONE_USER - 1);
    const value = Buffer.from(JSON.stringify(user));
    const pass = { op: 'put', key: this.#key(code), value, expiresInSeconds: this.life / 1000 } as const;
    const writes = [pass, ...oldest.map(({ key }) => ({ op: 'delete', key }) as const)];
    await this.store.commit({ conditions: [], writes }, ctx);
    return code;
  }

  async fetchUser(code: string, ctx: Context): Promise<UserInfo | undefined> {
    const { entry } = await this.store.get(this.#key(code), ctx);
    return entry && userIn(entry);
  }

  /** Only once, whoever asks and wherever. */
  async take(code: string, ctx: Context): Promise<UserInfo | undefined> {
    const key = this.#key(code);
    const { entry } = await this.store.get(key, ctx);
    if (!entry) return undefined;
    const conditions = [{ key, revision: entry.revision }];
    const { ok } = await this.store.commit({ conditions, writes: [{ op: 'delete', key }] }, ctx);
    return ok ? userIn(entry) : undefined;
  }

  #key(code: string): string {
    return `${this.#ownersOf(code)}${hashOf(code)}`;
  }

  /** What is asked with comes from strangers. */
  #ownersOf(code: string): string {
    return `/kubernest/passes/${this.kind}/${code.slice(0, OWNER_LENGTH).replaceAll(/[^\w-]/g, '_')}/`;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
const userIn = ({ value }: Entry): UserInfo => JSON.parse(Buffer.from(value).toString('utf8')) as UserInfo;
