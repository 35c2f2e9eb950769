import type { Client } from '@kubernest/client';
import { Backoff, type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import { isAlreadyExists, isNotFound, type Json } from '@kubernest/meta';
import { NODES, type Node } from '../types.ts';
import { type NodeFacts, newNode, nodeLabels, nodeStatus, sameButForTime } from './node-object.ts';

const REPORT_EVERY = 300_000;
/** What could not be told may be that the node lives. */
const AFTER_FAILURE = 10_000;

/** Registers the machine's Node, or adopts the one of its name, and keeps its status: at once when something changed, else every five minutes. */
export class NodeKeeper {
  #node: Node | undefined;
  #wake: () => void = () => {};
  #again = false;
  /** Whoever started this process looks for its word, though the Node says the same since another's. */
  #hasReported = false;

  constructor(
    private readonly client: Client,
    private readonly name: string,
    private readonly facts: (ctx: Context) => Promise<NodeFacts>,
  ) {}

  get node(): Node | undefined {
    return this.#node;
  }

  /** The Node as the API has it now. */
  seen(node: Node | undefined): void {
    const lost = this.#node !== undefined && node === undefined;
    this.#node = node;
    if (lost) this.changed();
  }

  /** Something that the status tells may have changed. */
  changed(): void {
    this.#again = true;
    this.#wake();
  }

  async register(ctx: Context): Promise<void> {
    const backoff = new Backoff({ initial: 100, max: 5_000 });
    for (;;) {
      try {
        this.#node = await this.#createOrAdopt(ctx);
        return;
      } catch (error) {
        ctx.signal.throwIfAborted();
        if (backoff.failures('') === 0)
          ctx.log.warn('the node could not be registered; trying again', { error: messageOf(error) });
        await ctx.clock.sleep(backoff.next(''), ctx.signal);
      }
    }
  }

  async run(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      const told = await this.#report(ctx).then(
        () => true,
        (error: unknown) => {
          if (!ctx.signal.aborted) ctx.log.warn('the node status could not be written', { error: messageOf(error) });
          this.#again ||= isNotFound(error);
          return false;
        },
      );
      await this.#rest(told ? REPORT_EVERY : AFTER_FAILURE, ctx);
    }
  }

  async #rest(most: Milliseconds, ctx: Context): Promise<void> {
    const pause = this.#again ? 200 : most;
    this.#again = false;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    const signal = AbortSignal.any([ctx.signal, woken.signal]);
    await ctx.clock.sleep(pause, signal).catch(() => {});
    this.#wake = () => {};
  }

  async #createOrAdopt(ctx: Context): Promise<Node> {
    const nodes = this.client.resource<Node>(NODES);
    const facts = await this.facts(ctx);
    try {
      return await nodes.create(newNode(facts), {}, ctx);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const existing = await nodes.fetch({ name: this.name }, ctx);
    const labels = nodeLabels(facts);
    const missing = Object.entries(labels).filter(([key, value]) => existing.metadata.labels?.[key] !== value);
    if (missing.length === 0) return existing;
    return nodes.patch(
      { name: this.name },
      { type: 'merge', body: { metadata: { labels: Object.fromEntries(missing) } } },
      {},
      ctx,
    );
  }

  async #report(ctx: Context): Promise<void> {
    const began = this.#node;
    if (!began) {
      this.#node = await this.#createOrAdopt(ctx);
    }
    const status = nodeStatus(await this.facts(ctx), this.#node?.status);
    const heartbeat = this.#node?.status?.conditions?.find((c) => c.type === 'Ready')?.lastHeartbeatTime;
    const fresh = heartbeat !== undefined && +ctx.clock.now() - +new Date(heartbeat) < REPORT_EVERY - 1000;
    if (this.#hasReported && fresh && sameButForTime(this.#node?.status, status)) return;
    const body = { status: JSON.parse(JSON.stringify(status)) as Json };
    this.#node = await this.client
      .resource<Node>(NODES)
      .patch({ name: this.name }, { type: 'strategic', body, subresource: 'status' }, {}, ctx);
    this.#hasReported = true;
  }
}
