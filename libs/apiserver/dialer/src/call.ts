import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type Context, childContext, inLargeParts } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import type { CallAnswer, CallRequest, CallTarget, Connection, Dialer, Security, Trust } from './contract.ts';
import { dial } from './dial.ts';
import { DialError } from './dial-error.ts';
import type { Reachable } from './resolve/reachable.ts';

const MOST_ANSWER_BYTES = 3 * 1024 * 1024;

export interface Ways {
  readonly dialer: Pick<Dialer, 'toService'>;
  readonly connected: (at: Reachable, security: Security) => Connection;
}

/** See `Dialer.call`. */
export async function call(
  { dialer, connected }: Ways,
  target: CallTarget,
  request: CallRequest,
  ctx: Context,
): Promise<CallAnswer> {
  const { method, timeout, maxAnswerBytes = MOST_ANSWER_BYTES } = request;
  const url = urlOf(target, request.path);
  const { ctx: limited, controller } = childContext(ctx);
  const tooLate = new DialError('timeout', 'context deadline exceeded');
  const cancel = ctx.clock.after(timeout, () => controller.abort(tooLate));
  try {
    const connection = await unlessAborted(connectionTo(target, url, { dialer, connected }), limited);
    const headers = { host: url.host, ...request.headers };
    const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
    const outgoing = { method, path: url.path, headers, body, answerWithin: timeout, repeatable: true };
    return await whole(await dial(connection, outgoing, limited), maxAnswerBytes);
  } catch (error) {
    if (ctx.signal.aborted) throw ctx.signal.reason;
    const what = `${method[0]}${method.slice(1).toLowerCase()} ${JSON.stringify(url.text)}`;
    throw naming(what, limited.signal.aborted ? tooLate : error);
  } finally {
    cancel();
  }
}

interface CalledUrl {
  readonly text: string;
  readonly host: string;
  readonly path: string;
  /** Absent for a Service, which has its own way to be found. */
  readonly parsed?: URL;
}

function urlOf(target: CallTarget, path: string | undefined): CalledUrl {
  if ('service' in target) {
    const { namespace, name, port } = target.service;
    const host = `${name}.${namespace}.svc:${port}`;
    const from = path?.startsWith('/') ? path : `/${path ?? ''}`;
    return { text: `https://${host}${from}`, host, path: from };
  }
  const parsed = URL.parse(target.url);
  if (!parsed?.host) throw new DialError('unresolved', `unparsable URL ${JSON.stringify(target.url)}`);
  const own = path ?? parsed.pathname + parsed.search;
  return { text: `${parsed.protocol}//${parsed.host}${own}`, host: parsed.host, path: own, parsed };
}

function connectionTo(target: CallTarget, { parsed }: CalledUrl, { dialer, connected }: Ways): Promise<Connection> {
  if ('service' in target) return dialer.toService({ ...target.service, security: trustIn(target) });
  const { hostname, port, protocol } = parsed!;
  const host = hostname.replace(/^\[|\]$/g, '');
  const isPlain = protocol === 'http:';
  const at = { host, port: Number(port) || (isPlain ? 80 : 443), name: isIP(host) === 0 ? host : '' };
  return Promise.resolve(connected(at, isPlain ? 'none' : trustIn(target)));
}

const trustIn = ({ caBundle, serverName, clientCertificate, insecureSkipVerify }: CallTarget): Trust => ({
  caBundle,
  serverName,
  clientCertificate,
  insecureSkipVerify,
});

/** Looking a name up cannot be ended: it is waited for no longer. */
function unlessAborted<T>(work: Promise<T>, { signal }: Context): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function whole(answer: IncomingMessage, most: number): Promise<CallAnswer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of inLargeParts(answer)) {
      size += part.length;
      // To leave the loop ends the connection.
      if (size > most) throw new DialError('too-large', `the answer is larger than ${most} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof DialError ? error : new DialError('broken', 'unexpected EOF', { cause: error });
  }
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]);
  return { status: answer.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(parts, size) };
}

/** Whoever has dialled nobody has thrown a Status. */
function naming(what: string, error: unknown): unknown {
  if (error instanceof DialError) return new DialError(error.fault, `${what}: ${error.message}`, { cause: error });
  if (error instanceof StatusError) return new DialError('unresolved', `${what}: ${error.message}`, { cause: error });
  return error;
}
