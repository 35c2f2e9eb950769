import type { ApiServer } from '@kubernest/apiserver/contract';
import { loopbackTransport } from '@kubernest/apiserver/handlers';
import type { Transport } from '@kubernest/client';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { apiServerOf, type ServerParts } from './api-server-of.ts';
import { type Answer, call } from './request-for.ts';
import { openTestWatch, type TestWatch } from './test-watch.ts';

/** A running API server with plain doors, and a clock that stands still. */
export interface TestServer extends AsyncDisposable {
  readonly server: ApiServer;
  readonly store: Store;
  readonly clock: FakeClock;
  readonly ctx: Context;
  call(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Opens a watch; `next(n)` resolves with the next n events. */
  watch(url: string, headers?: Record<string, string>): Promise<TestWatch>;
  /** What a client of this process calls through. */
  transport(username?: string, groups?: readonly string[]): Transport;
}

export async function testServer({
  clock = new FakeClock(),
  ...parts
}: ServerParts & { readonly clock?: FakeClock } = {}): Promise<TestServer> {
  const controller = new AbortController();
  const ctx: Context = { signal: controller.signal, clock, log: silentLogger };
  const { store = memoryStore({ clock }) } = parts;
  const server = apiServerOf({ ...parts, store }, clock);
  const { done } = await server.start(ctx);
  return {
    server,
    store,
    clock,
    ctx,
    call: (line, body, headers) => call(server, ctx, line, body, headers),
    watch: (url, headers) => openTestWatch(server, ctx, url, headers),
    transport: (username = 'ann', groups = []) =>
      byClockOf(ctx, loopbackTransport(server, { username, groups: [...groups] })),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await done.catch(() => {});
    },
  };
}

/** A server's time is its own, whatever its clients' clocks do. */
const byClockOf = ({ clock }: Context, inner: Transport): Transport => ({
  call: (asked, ctx) => inner.call(asked, { ...ctx, clock }),
  watch: (asked, onEvent, ctx) => inner.watch(asked, onEvent, { ...ctx, clock }),
});
