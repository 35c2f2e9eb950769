import type { ApiRequest, Peer } from '@kubernest/apiserver/contract';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';

/** A context whose clock stands still until the test moves it. */
export function testContext(clock: FakeClock = new FakeClock()): Context & { readonly clock: FakeClock } {
  return { signal: new AbortController().signal, clock, log: silentLogger };
}

/** A request as the listener would make it. */
export function requestOf(
  parts: { readonly headers?: Record<string, string>; readonly peer?: Partial<Peer>; readonly path?: string } = {},
): ApiRequest {
  return {
    method: 'GET',
    path: parts.path ?? '/api',
    query: new URLSearchParams(),
    headers: parts.headers ?? {},
    peer: { address: '127.0.0.1', ...parts.peer },
    body: async () => new Uint8Array(),
  };
}
