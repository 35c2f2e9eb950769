import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Context } from '@kubernest/kit';
import type { Connection } from './contract.ts';
import { dialErrorOf } from './dial-error.ts';

/** As many bytes of an answer's head as of a request's; Node has 16 KiB. */
const MOST_HEAD_BYTES = 1024 * 1024;

export const changesNothing = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);

export interface Attempt<T> {
  /** Calls neither `resolve` nor `reject` where the request fails. */
  readonly send: (outgoing: ClientRequest, resolve: (answer: T) => void) => void;
  readonly options: RequestOptions;
  /** May be sent again where a kept connection turns out to be closed. */
  readonly repeatable: boolean;
}

/** Sends until it has gone out on a connection that was not closed already, or is new. */
export async function attempts<T>(connection: Connection, attempt: Attempt<T>, ctx: Context): Promise<T> {
  for (;;) {
    const answer = await once(connection, attempt, ctx);
    if (answer !== closedBefore) return answer as T;
  }
}

const closedBefore = Symbol('closed before');

function once<T>(
  connection: Connection,
  { send, options, repeatable }: Attempt<T>,
  ctx: Context,
): Promise<T | typeof closedBefore> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(ctx.signal.aborted ? ctx.signal.reason : dialErrorOf(error as Error, connection));
    try {
      const request = connection.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing = request({ maxHeaderSize: MOST_HEAD_BYTES, ...connection, ...options });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const wasClosed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
        if (repeatable && outgoing.reusedSocket && wasClosed) resolve(closedBefore);
        else fail(error);
      });
      send(outgoing, resolve);
    } catch (error) {
      // What cannot even be begun, as with a certificate that is none.
      fail(error);
    }
  });
}
