import type { IncomingMessage } from 'node:http';
import type { ApiResponse, WatchResponse } from '@kubernest/apiserver/contract';
import { inLargeParts } from '@kubernest/kit';
import {
  isObject,
  type KubeObject,
  MOST_KEPT_LEVELS,
  paced,
  readJsonInSteps,
  StatusError,
  type WatchEvent,
} from '@kubernest/meta';

/** No list of ours is larger, and the control plane is all that asks in this way. */
const MOST_BYTES = 64 * 1024 * 1024;
/** One object. */
const MOST_EVENT_BYTES = 8 * 1024 * 1024;
/** An object stands in a list, or in an event. */
const MOST_LEVELS = MOST_KEPT_LEVELS + 2;

/** An answer as callers within this process want it: whole, and an object. Throws what is none. */
export async function objectAnswer(answer: IncomingMessage): Promise<ApiResponse> {
  const status = answer.statusCode ?? 0;
  const body = await bodyOf(answer);
  const object = await parsed(body);
  if (status < 400) return { kind: 'object', status, object: demand(object) };
  if (isObject(object) && object['kind'] === 'Status') return { kind: 'object', status, object };
  throw new StatusError(status, '', body.toString('utf8', 0, 1024).trim());
}

/** The events of a watch, one a line. Ends when the backend does; a line that is no event ends it, too. */
export const objectWatch = (answer: IncomingMessage): WatchResponse => ({
  kind: 'watch',
  status: 200,
  headers: {},
  async run({ writeEvents }, ctx) {
    const stop = (): void => void answer.destroy();
    ctx.signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const line of linesOf(answer)) if (!writeEvents?.([await eventIn(line)])) return;
    } catch (error) {
      if (!ctx.signal.aborted) ctx.log.warn('the watch of an aggregated API broke off', { error });
    } finally {
      ctx.signal.removeEventListener('abort', stop);
      answer.destroy();
    }
  },
});

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of inLargeParts(answer)) {
    size += part.length;
    if (size > MOST_BYTES) throw badAnswer(`is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

async function* linesOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let size = 0;
  for await (const part of inLargeParts(answer)) {
    let begin = 0;
    for (let end = part.indexOf(0x0a); end >= 0; end = part.indexOf(0x0a, begin)) {
      const line = Buffer.concat([...rest, part.subarray(begin, end)]);
      if (!isBlank(line)) yield line;
      [rest, size, begin] = [[], 0, end + 1];
    }
    rest.push(part.subarray(begin));
    size += part.length - begin;
    if (size > MOST_EVENT_BYTES) throw badAnswer(`has an event of more than ${MOST_EVENT_BYTES} bytes`);
  }
}

const isBlank = (line: Buffer): boolean => line.every((byte) => byte === 0x20 || byte === 0x0d);

async function eventIn(line: Buffer): Promise<WatchEvent<KubeObject>> {
  const event = await parsed(line);
  if (!isObject(event) || typeof event['type'] !== 'string') throw badAnswer('has a line that is no watch event');
  demand(event['object']);
  return event as unknown as WatchEvent<KubeObject>;
}

/** What has the parts that all who read it rely on. */
function demand(object: unknown): unknown {
  if (!isObject(object)) throw badAnswer('is no object');
  const { items } = object;
  if (object['kind'] !== 'Status' && !isObject(object['metadata'])) throw badAnswer('has no metadata');
  if (items === undefined || items === null) return object;
  if (!Array.isArray(items) || !items.every((item) => isObject(item) && isObject(item['metadata'])))
    throw badAnswer('is a list of what are no objects');
  return object;
}

const badAnswer = (what: string): StatusError =>
  new StatusError(502, 'BadGateway', `the answer of the aggregated API ${what}`);

/** Undefined for what is no JSON, or deeper than any object. */
const parsed = (body: Buffer): Promise<unknown> => paced(readJsonInSteps(body, MOST_LEVELS)).catch(() => undefined);
