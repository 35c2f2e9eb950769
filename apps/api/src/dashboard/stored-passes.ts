import { createHash, randomBytes } from 'node:crypto';
import type { Context, Milliseconds } from '@kubernest/kit';
import { type SealingKey, SealingKeyError, seal, unseal } from '@kubernest/pki';
import type { Entry, Store } from '@kubernest/store/contract';
import { type Evidence, revived } from './evidence.ts';

/** More than anyone needs; a user's oldest goes first, so that nobody fills the store. */
export const MOST_OF_ONE_USER = 100;
const OWNER_LENGTH = 8;

interface StoredPassParts {
  readonly store: Store;
  readonly sealingKey: SealingKey;
  readonly kind: string;
  readonly life: Milliseconds;
}

/** Who has it, and what proved it. */
export interface Holder {
  readonly username: string;
  readonly evidence: Evidence;
}

/** Secrets that stand for a while for what proved somebody. The store knows what they hash to, and holds the proof sealed. */
export class StoredPasses {
  constructor(private readonly with_: StoredPassParts) {}

  async issue({ username, evidence }: Holder, ctx: Context): Promise<string> {
    const { store, sealingKey, kind, life } = this.with_;
    const code = hashOf(username).slice(0, OWNER_LENGTH) + randomBytes(18).toString('base64url');
    const { entries } = await store.list(this.#ownersOf(code), {}, ctx);
    const oldest = entries.toSorted((a, b) => b.revision - a.revision).slice(MOST_OF_ONE_USER - 1);
    const value = seal(sealingKey, nameOf(kind), Buffer.from(JSON.stringify(evidence)));
    const pass = { op: 'put', key: this.#key(code), value, expiresInSeconds: life / 1000 } as const;
    const writes = [pass, ...oldest.map(({ key }) => ({ op: 'delete', key }) as const)];
    await store.commit({ conditions: [], writes }, ctx);
    return code;
  }

  async fetch(code: string, ctx: Context): Promise<Evidence | undefined> {
    const { entry } = await this.with_.store.get(this.#key(code), ctx);
    return entry && this.#evidenceIn(entry);
  }

  /** Only once, whoever asks and wherever. */
  async take(code: string, ctx: Context): Promise<Evidence | undefined> {
    const { store } = this.with_;
    const key = this.#key(code);
    const { entry } = await store.get(key, ctx);
    if (!entry) return undefined;
    const conditions = [{ key, revision: entry.revision }];
    const { ok } = await store.commit({ conditions, writes: [{ op: 'delete', key }] }, ctx);
    return ok ? this.#evidenceIn(entry) : undefined;
  }

  #evidenceIn({ value }: Entry): Evidence | undefined {
    const { sealingKey, kind } = this.with_;
    try {
      const content = unseal(sealingKey, nameOf(kind), value);
      return revived(JSON.parse(Buffer.from(content).toString('utf8')) as Evidence);
    } catch (error) {
      if (error instanceof SealingKeyError) return undefined;
      throw error;
    }
  }

  #key(code: string): string {
    return `${this.#ownersOf(code)}${hashOf(code)}`;
  }

  /** What is asked with comes from strangers. */
  #ownersOf(code: string): string {
    return `/kubernest/passes/${this.with_.kind}/${code.slice(0, OWNER_LENGTH).replaceAll(/[^\w-]/g, '_')}/`;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
const nameOf = (kind: string): string => `dashboard ${kind}`;
