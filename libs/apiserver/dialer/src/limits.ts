import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Context, hostPort, type Milliseconds } from '@kubernest/kit';
import type { Connection } from './contract.ts';
import { DialError } from './dial-error.ts';

/** As in Kubernetes. */
const CONNECT_WITHIN: Milliseconds = 30_000;
const HANDSHAKE_WITHIN: Milliseconds = 10_000;
/** A node's agent answers at once. */
export const ANSWER_WITHIN: Milliseconds = 30_000;

/** Each stage on the way to the answer's head has its time. */
export function limit(
  outgoing: ClientRequest,
  { connection, answerWithin }: { readonly connection: Connection; readonly answerWithin: Milliseconds },
  ctx: Context,
): void {
  const within = (time: Milliseconds, why: string, done: (over: () => void) => void): void => {
    const cancel = ctx.clock.after(time, () => outgoing.destroy(new DialError('timeout', why)));
    done(cancel);
    outgoing.once('close', cancel);
  };
  outgoing.once('socket', (socket: Socket | TLSSocket) => {
    const shakeHands = (): void =>
      within(HANDSHAKE_WITHIN, 'net/http: TLS handshake timeout', (over) => socket.once('secureConnect', over));
    const isSecure = connection.protocol === 'https:';
    // What somebody else has opened may be connected already.
    if (isSecure && !socket.connecting && (socket as TLSSocket & { secureConnecting: boolean }).secureConnecting)
      shakeHands();
    if (!socket.connecting) return;
    within(CONNECT_WITHIN, `dial tcp ${hostPort(connection)}: i/o timeout`, (over) => socket.once('connect', over));
    if (isSecure) socket.once('connect', shakeHands);
  });
  outgoing.once('finish', () =>
    within(answerWithin, 'net/http: timeout awaiting response headers', (over) => {
      outgoing.once('response', over);
      // To listen for it is to ask for it.
      if (outgoing.listenerCount('upgrade') > 0) outgoing.once('upgrade', over);
    }),
  );
}
