import type { IncomingMessage } from 'node:http';
import { type Context, childContext } from '@kubernest/kit';
import { DialError } from './dial-error.ts';

const left = new DialError('broken', 'context canceled');

/**
 * Work for a client that is given up with a `DialError` once the client has closed its side, which ends no request by itself: it may still wait
 * for what is under way here, but nobody else is kept busy for it. compat: Go's server takes such a client for gone.
 */
export async function whileClientListens<T>(
  request: Pick<IncomingMessage, 'socket'> | undefined,
  work: (ctx: Context) => Promise<T>,
  ctx: Context,
): Promise<T> {
  if (!request) return work(ctx);
  const { socket } = request;
  const { ctx: own, controller } = childContext(ctx);
  const leave = (): void => controller.abort(left);
  if (socket.readableEnded) leave();
  socket.once('end', leave);
  try {
    return await work(own);
  } finally {
    socket.off('end', leave);
  }
}
