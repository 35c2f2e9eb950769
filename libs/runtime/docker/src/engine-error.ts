import type { Context } from '@kubernest/kit';
import { messageOf } from '@kubernest/kit';
import { RuntimeUnavailableError } from '@kubernest/runtime/contract';

const away = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  'ENOTSOCK',
  'EACCES',
  'ECONNABORTED',
  'ENOTCONN',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** The HTTP status of an engine's refusal. */
export const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : undefined;

export const isGone = (error: unknown): boolean => statusOf(error) === 404;

/** The engine's own words, without the client's wrapping. */
export function engineWords(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'json' in error) {
    const { json } = error;
    if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string')
      return json.message.trim();
  }
  // Of a call that answers with a stream the client reads no body as JSON and puts its own words before it.
  return messageOf(error)
    .replace(/^\(HTTP code \d+\)[^-]*- /, '')
    .trim();
}

/** Errors of the way to the engine become `RuntimeUnavailableError`; what the engine itself says stays as it is. */
export function translate(error: unknown): unknown {
  if (error instanceof RuntimeUnavailableError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const message = messageOf(error);
  const lost = away.has(code) || message === 'socket hang up' || message === 'aborted';
  // An engine that cannot reach its own containerd answers 500, or 503 while it shuts down.
  const halfGone =
    statusOf(error) === 503 || /containerd\.sock|transport is closing|containerd is not running/.test(message);
  return lost || halfGone ? new RuntimeUnavailableError(`docker engine is away: ${message}`, { cause: error }) : error;
}

/** Runs one call to the engine under `ctx`: rejects with the signal's reason at once when aborted. */
export async function engineCall<T>(ctx: Context, call: () => Promise<T>): Promise<T> {
  const { signal } = ctx;
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([call(), aborted]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw translate(error);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
