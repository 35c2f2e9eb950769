import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Context, Milliseconds } from '@kubernest/kit';
import { attempts, changesNothing } from './attempts.ts';
import type { Connection } from './contract.ts';
import { ANSWER_WITHIN, limit } from './limits.ts';
import { paceAnswer } from './paced-answer.ts';

export interface UpgradeRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** With `connection` and `upgrade`. There is no body: what follows the head is the new protocol's. */
  readonly headers: OutgoingHttpHeaders;
  /** Longest wait for the answer's head; 30 s unless given. */
  readonly answerWithin?: Milliseconds;
}

export interface UpgradeAnswer {
  readonly answer: IncomingMessage;
  /** The connection in its new protocol, its caller's to end. Absent: `answer` is an ordinary one, to be read or destroyed. */
  readonly socket?: Duplex;
}

/** A peer that vanished without a word is noticed by the kernel after this. */
const KEEP_ALIVE_AFTER: Milliseconds = 30_000;

/** Asks for another protocol; errors as of `dial`. Aborting has no effect on a connection that was upgraded. */
export function upgrade(connection: Connection, request: UpgradeRequest, ctx: Context): Promise<UpgradeAnswer> {
  const { method, path, headers, answerWithin = ANSWER_WITHIN } = request;
  const send = (outgoing: ClientRequest, resolve: (answer: UpgradeAnswer) => void): void => {
    const stop = (): void => void outgoing.destroy(new Error('aborted'));
    if (ctx.signal.aborted) stop();
    ctx.signal.addEventListener('abort', stop, { once: true });
    const leave = (): void => ctx.signal.removeEventListener('abort', stop);
    outgoing.once('close', leave);
    outgoing.once('upgrade', (answer, socket: Socket, head) => {
      leave();
      socket.setTimeout(0);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_AFTER);
      if (head.length > 0) socket.unshift(head);
      resolve({ answer, socket });
    });
    outgoing.once('response', (answer) => resolve({ answer }));
    limit(outgoing, { connection, answerWithin }, ctx);
    outgoing.once('socket', (socket) => paceAnswer(outgoing, socket));
    outgoing.end();
  };
  return attempts(connection, { send, options: { method, path, headers }, repeatable: changesNothing(method) }, ctx);
}
