import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpsClient } from '../subject/https.ts';
import type { HostileRequest } from './bodies.ts';
import { hostileRequests, target } from './requests.ts';

const PING_EVERY_MS = 2;

/** What one hostile request did to everybody else. */
export interface Stall {
  readonly request: HostileRequest;
  readonly status: number;
  readonly answer: string;
  /** The longest that the server's event loop stood still, as it says itself. */
  readonly insideMs: number;
  /** The longest that somebody on a second connection waited for an answer that costs nothing. */
  readonly outsideMs: number;
}

/** Sends every sort of hostile request, one after the other, and watches from inside and from a second connection. */
export async function* hostileStalls(client: HttpsClient, other: HttpsClient, bytes: number): AsyncGenerator<Stall> {
  await client.send('POST', '/api/v1/namespaces', {
    body: '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"hostile"}}',
  });
  for (const request of hostileRequests(bytes)) {
    await client.send('DELETE', '/api/v1/namespaces/hostile/configmaps');
    await client.send('POST', target.path.replace(/\/target$/, ''), { body: target.body });
    yield await stallOf(request, client, other);
  }
}

async function stallOf(request: HostileRequest, client: HttpsClient, other: HttpsClient): Promise<Stall> {
  // Asking makes the server begin anew.
  await insideMs(client);
  const pings = new AbortController();
  const outside = longestPing(other, pings.signal);
  const { path, method, headers, body } = request;
  const sent = { headers, ...(body.length > 0 ? { body } : {}) };
  const answer = await client.send(method, path, sent);
  await sleep(20);
  pings.abort();
  const [outsideMs, inside] = [await outside, await insideMs(client)];
  return { request, status: answer.status, answer: answer.body.toString('utf8', 0, 300), insideMs: inside, outsideMs };
}

/** The longest delay of the event loop since this was asked last, by `perf_hooks.monitorEventLoopDelay`. */
async function insideMs(client: HttpsClient): Promise<number> {
  const { body } = await client.send('GET', '/metrics');
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(body.toString())?.[1];
  if (seconds === undefined) throw new Error('/metrics does not tell how long the event loop stood still');
  return Number(seconds) * 1000;
}

async function longestPing(client: HttpsClient, signal: AbortSignal): Promise<number> {
  let longest = 0;
  while (!signal.aborted) {
    const began = performance.now();
    await client.send('GET', '/livez');
    longest = Math.max(longest, performance.now() - began);
    await sleep(PING_EVERY_MS);
  }
  return longest;
}

/** compat: the two answers with this code that Kubernetes gives on purpose carry no reason. */
export const isFault = ({ status, answer }: Stall): boolean => status >= 500 && /"reason":/.test(answer);
