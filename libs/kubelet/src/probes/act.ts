import { type IncomingMessage, request as requestHttp } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { type Context, dialWords, isAborted, messageOf } from '@kubernest/kit';
import type { ContainerRuntime } from '@kubernest/runtime/contract';
import type { Container, LifecycleHandler } from '../types.ts';
import type { Outcome } from './probe.ts';

export interface ActTarget {
  readonly container: Container;
  readonly containerId: string;
  readonly podIP: string;
}

export type Action = Pick<LifecycleHandler, 'exec' | 'httpGet' | 'tcpSocket'> & {
  readonly grpc?: { readonly port: number; readonly service?: string };
};

const MAX_OUTPUT = 10 * 1024;
const MAX_REDIRECTS = 10;

/** Does once what a probe or hook asks for. A failure is an outcome; only aborting throws. */
export async function act(
  action: Action,
  target: ActTarget,
  timeoutSeconds: number,
  runtime: ContainerRuntime,
  ctx: Context,
): Promise<Outcome> {
  const limit = new AbortController();
  const cancel = ctx.clock.after(timeoutSeconds * 1000, () =>
    limit.abort(new DOMException('timed out', 'TimeoutError')),
  );
  const signal = AbortSignal.any([ctx.signal, limit.signal]);
  try {
    if (action.exec) return await execOnce(action.exec.command ?? [], target, timeoutSeconds, runtime, ctx);
    if (action.httpGet) return await httpOnce(action.httpGet, target, signal);
    if (action.tcpSocket)
      return await tcpOnce(
        action.tcpSocket.host || target.podIP,
        portOf(action.tcpSocket.port, target.container),
        signal,
      );
    if (action.grpc) return await grpcOnce(target.podIP, action.grpc, signal);
    return { result: 'failure', output: 'the probe says nothing to do' };
  } catch (error) {
    ctx.signal.throwIfAborted();
    return {
      result: 'failure',
      output: limit.signal.aborted ? `timed out after ${timeoutSeconds}s` : messageOf(error),
    };
  } finally {
    cancel();
  }
}

async function execOnce(
  command: readonly string[],
  target: ActTarget,
  timeoutSeconds: number,
  runtime: ContainerRuntime,
  ctx: Context,
): Promise<Outcome> {
  const result = await runtime.execSync(target.containerId, command, timeoutSeconds, ctx);
  if (result.timedOut) return { result: 'failure', output: `command "${command.join(' ')}" timed out` };
  return { result: result.exitCode === 0 ? 'success' : 'failure', output: result.output };
}

/** A port by number or by the name that the container gives it. */
export function portOf(port: string | number, container: Container): number {
  const number =
    typeof port === 'number'
      ? port
      : /^\d+$/.test(port)
        ? Number(port)
        : container.ports?.find((p) => p.name === port)?.containerPort;
  if (!number || number < 1 || number > 65_535) throw new Error(`invalid port ${port} of container ${container.name}`);
  return number;
}

type HttpGet = NonNullable<LifecycleHandler['httpGet']>;

async function httpOnce(get: HttpGet, target: ActTarget, signal: AbortSignal): Promise<Outcome> {
  const scheme = (get.scheme ?? 'HTTP').toLowerCase();
  const host = get.host || target.podIP;
  const bracketed = host.includes(':') ? `[${host}]` : host;
  const path = get.path ? (get.path.startsWith('/') ? get.path : `/${get.path}`) : '/';
  let url = new URL(`${scheme}://${bracketed}:${portOf(get.port, target.container)}${path}`);
  const headers: Record<string, string> = { 'User-Agent': 'kube-probe/1.36', Accept: '*/*', Connection: 'close' };
  for (const header of get.httpHeaders ?? []) {
    for (const same of Object.keys(headers)) if (same.toLowerCase() === header.name.toLowerCase()) delete headers[same];
    if (header.value !== '') headers[header.name] = header.value;
  }
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const { response, body } = await getOnce(url, headers, signal);
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    if (location && [301, 302, 303, 307, 308].includes(status)) {
      const next = new URL(location, url);
      // compat: a redirect to another host is not followed.
      if (next.hostname === url.hostname) {
        url = next;
        continue;
      }
    }
    // compat: what is no redirect that was followed counts as success all the same.
    if (status >= 300 && status < 400)
      return { result: 'success', output: `Probe terminated redirects, Response body: ${body}`, warning: true };
    return status >= 200 && status < 300
      ? { result: 'success', output: body }
      : { result: 'failure', output: `HTTP probe failed with statuscode: ${status}` };
  }
  return { result: 'failure', output: `Get "${url}": stopped after ${MAX_REDIRECTS} redirects` };
}

function getOnce(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; body: string }> {
  return new Promise((resolve, reject) => {
    const dialled = { host: url.hostname, port: url.port || (url.protocol === 'https:' ? 443 : 80) };
    const fail = (error: Error): void =>
      reject(signal.aborted ? error : new Error(`Get "${url}": ${dialWords(error, dialled)}`));
    const options = { headers, signal, agent: false as const, rejectUnauthorized: false };
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        if (size < MAX_OUTPUT) chunks.push(chunk);
        size += chunk.length;
      });
      response.on('end', () => resolve({ response, body: Buffer.concat(chunks).subarray(0, MAX_OUTPUT).toString() }));
      response.on('error', fail);
    });
    request.on('error', fail);
    request.end();
  });
}

function tcpOnce(host: string, port: number, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.on('connect', () => {
      socket.destroy();
      resolve({ result: 'success', output: '' });
    });
    socket.on('error', (error) =>
      isAborted(error) ? reject(error) : resolve({ result: 'failure', output: dialWords(error, { host, port }) }),
    );
  });
}

/** grpc.health.v1.Health/Check, written by hand: one message of one string, answered by one of one number. */
async function grpcOnce(host: string, grpc: NonNullable<Action['grpc']>, signal: AbortSignal): Promise<Outcome> {
  const session = connectHttp2(`http://${host.includes(':') ? `[${host}]` : host}:${grpc.port}`);
  const stop = (): void => session.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await grpcCheck(session, grpc.service ?? '');
  } finally {
    signal.removeEventListener('abort', stop);
    session.destroy();
  }
}

/** Field 1 of a protobuf message: key, length in groups of seven bits, text. */
function stringField(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = [0x0a];
  for (let rest = bytes.length; ; rest >>>= 7) {
    head.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) return Buffer.concat([Buffer.from(head), bytes]);
  }
}

function grpcCheck(session: ClientHttp2Session, service: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'kube-probe/1.36',
    });
    const chunks: Buffer[] = [];
    let status: string | undefined;
    const note = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] !== undefined) status = String(headers['grpc-status']);
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      const message = Buffer.concat(chunks).subarray(5);
      const serving = message[0] === 0x08 && message[1] === 1;
      if (status === '0' && serving) resolve({ result: 'success', output: '' });
      else
        resolve({
          result: 'failure',
          output: status === '0' ? 'service unhealthy: not SERVING' : `error: gRPC status ${status ?? 'missing'}`,
        });
    });
    const body = service === '' ? Buffer.alloc(0) : stringField(service);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length, 1);
    stream.end(Buffer.concat([head, body]));
  });
}
