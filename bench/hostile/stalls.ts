import { setTimeout as sleep } from 'node:timers/promises';
import { longestTurnMs } from '../subject/api-process.ts';
import type { HttpsClient } from '../subject/https.ts';
import type { Subject } from '../subject/subject.ts';
import type { HostileRequest } from './bodies.ts';
import { hostileRequests, target } from './requests.ts';
import type { WideObject } from './wide-requests.ts';

const PING_EVERY_MS = 2;

/** What one hostile request did to everybody else. */
export interface Stall {
  readonly request: HostileRequest;
  readonly status: number;
  readonly answer: string;
  /** The longest that the server's event loop was kept at once, in CPU time. */
  readonly insideMs: number;
  /** The longest that somebody on a second connection waited for an answer that costs nothing. */
  readonly outsideMs: number;
}

/** Sends every sort of hostile request, one after the other, and watches from inside and from a second connection. */
export async function* hostileStalls(subject: Subject, other: HttpsClient, bytes: number): AsyncGenerator<Stall> {
  const { client } = subject;
  await makeNamespace(subject);
  for (const request of hostileRequests(bytes)) {
    await beginAnew(client);
    yield await stallOf(request, subject, other);
  }
}

/** The same of legal objects: of every kind, as wide as may be at each place in turn, from their creation to their end. */
export async function* wideStalls(
  subject: Subject,
  other: HttpsClient,
  objects: Iterable<WideObject>,
): AsyncGenerator<Stall> {
  await makeNamespace(subject);
  for (const wide of objects) for (const request of wide.requests()) yield await stallOf(request, subject, other);
}

const makeNamespace = ({ client }: Subject): Promise<unknown> =>
  client.send('POST', '/api/v1/namespaces', {
    body: '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"hostile"}}',
  });

/** Nothing is left of the request before, finalizers above all, but the target that patches are sent to. */
export async function beginAnew(client: HttpsClient): Promise<void> {
  const maps = target.path.replace(/\/target$/, '');
  for (const name of ['target', 'x'])
    await client.send('PATCH', `${maps}/${name}`, {
      body: '{"metadata":{"finalizers":null}}',
      contentType: 'application/merge-patch+json',
    });
  await client.send('DELETE', maps);
  await client.send('POST', maps, { body: target.body });
}

async function stallOf(request: HostileRequest, { client, api }: Subject, other: HttpsClient): Promise<Stall> {
  // Asking makes the server begin anew.
  await longestTurnMs(api);
  const pings = new AbortController();
  const outside = longestPing(other, pings.signal);
  const { path, method, headers, body } = request;
  const sent = { headers, ...(body.length > 0 ? { body } : {}) };
  const answer = await client.send(method, path, sent);
  await sleep(20);
  pings.abort();
  const [outsideMs, inside] = [await outside, await longestTurnMs(api)];
  return { request, status: answer.status, answer: answer.body.toString('utf8', 0, 300), insideMs: inside, outsideMs };
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
