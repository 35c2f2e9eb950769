import type { Client } from '@kubernest/client';
import { type KubeObject, StatusError } from '@kubernest/meta';
import { refs } from './refs.ts';
import { ctx } from './seen.ts';

export interface WritingOptions {
  readonly payload?: string;
  /** What a call without an answer does (the server was killed): ends the writing unless told to go on. Such a write is neither acknowledged nor refused. */
  readonly unanswered?: 'goes on';
}

/** Creates one object after the other, whatever the answers, and remembers them. */
export class Writing {
  readonly acknowledged: string[] = [];
  readonly refused: StatusError[] = [];
  #stopped = false;
  readonly #done: Promise<void>;

  constructor(
    private readonly client: Client,
    private readonly namespace: string,
    private readonly options: WritingOptions = {},
  ) {
    this.#done = this.#write();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  /** The acknowledged ones that a fresh list does not show, asked there. */
  async lost(there: Client): Promise<readonly string[]> {
    const { items } = await there.resource(refs.configmaps).list({ namespace: this.namespace }, ctx);
    const found = new Set(items.map(({ metadata }) => metadata.name));
    return this.acknowledged.filter((name) => !found.has(name));
  }

  async #write(): Promise<void> {
    for (let n = 0; !this.#stopped; n++) {
      const name = `w${n}`;
      const object: KubeObject & { data: object } = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: this.namespace, name },
        data: { payload: this.options.payload ?? '' },
      };
      try {
        await this.client.resource(refs.configmaps).create(object, {}, ctx);
        this.acknowledged.push(name);
      } catch (error) {
        if (error instanceof StatusError) this.refused.push(error);
        else if (this.options.unanswered !== 'goes on') return;
        await ctx.clock.sleep(20, ctx.signal);
      }
    }
  }
}
