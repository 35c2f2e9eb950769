import type { IncomingMessage } from 'node:http';
import { forAll, HttpsClient } from './https.ts';

/** Connections that count the lines they are sent. */
export class Watchers implements Disposable {
  #seen = 0;
  #awaited = 0;
  #settle: { done: () => void; fail: (error: Error) => void } | undefined;

  private constructor(private readonly client: HttpsClient) {}

  /** One watch for each of `paths`, each on a connection of its own. */
  static async open(
    server: { readonly port: number; readonly token?: string },
    paths: readonly string[],
  ): Promise<Watchers> {
    const all = new Watchers(new HttpsClient(server.port, server, paths.length));
    await forAll(paths.length, 10, async (i) => all.#count(await all.client.open('GET', paths[i]!)));
    return all;
  }

  #count(response: IncomingMessage): void {
    if (response.statusCode !== 200) throw new Error(`watch: ${response.statusCode}`);
    response.on('error', () => {});
    response.on('close', () => this.#settle?.fail(new Error('a watcher was dropped before it saw every event')));
    response.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.#seen++;
      if (this.#seen >= this.#awaited) this.#settle?.done();
    });
  }

  /** Runs `write` and waits until all watchers together have seen `lines` more lines. */
  async seeing(lines: number, write: () => Promise<unknown>): Promise<void> {
    this.#awaited = this.#seen + lines;
    const seen = new Promise<void>((done, fail) => {
      this.#settle = { done, fail };
    });
    await Promise.all([seen, write()]);
    this.#settle = undefined;
  }

  [Symbol.dispose](): void {
    this.#settle = undefined;
    this.client[Symbol.dispose]();
  }
}
