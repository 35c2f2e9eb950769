import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Turns } from '@kubernest/meta';

/** What the parser gets at once: it calls for each request and each chunk in it, and cannot be stopped in between. */
const PIECE_BYTES = 2048;
/** Of a body whose length is known, which is one call. */
const BODY_PIECE_BYTES = 64 * 1024;

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface ConnectionParts {
  readonly socket: Socket;
  /** Node's own listener: gives the bytes to its parser. */
  readonly parse: (bytes: Buffer) => void;
  readonly onRequest: RequestListener;
  readonly turns: Turns;
}

/**
 * One connection's requests, one after the other however many are sent at once, and its bytes in pieces small enough that others get their
 * turn between them. What has to wait goes back into the socket, which is not read meanwhile.
 *
 * The bytes come by the stream's `data`, not from the connection straight to Node's parser: while an answer is on its way that parser stops
 * reading, but what was decrypted already comes all the same, is taken for a fault ("Parse Error: Paused") and breaks the connection off.
 */
export class Connection {
  #atWork: ServerResponse | undefined;
  #latest: IncomingMessage | undefined;
  readonly #waiting: Asked[] = [];
  /** Until an answer has left. */
  #isHeld = false;
  /** Until a turn of its own. */
  #isLate = false;
  #rest: Buffer | undefined;

  constructor(private readonly parts: ConnectionParts) {
    const { socket, parse } = parts;
    socket.on('data', this.#take);
    socket.off('data', parse);
  }

  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#latest = request;
    if (this.#atWork && !this.#atWork.writableEnded) this.#waiting.push({ request, response });
    else this.#start({ request, response });
  }

  /** The connection is somebody else's from now on. Returns what came behind the parser's last piece. */
  leave(): Buffer | undefined {
    this.parts.socket.off('data', this.#take);
    const rest = this.#rest;
    this.#rest = undefined;
    return rest;
  }

  #start({ request, response }: Asked): void {
    this.#atWork = response;
    response.on('close', this.#answered);
    this.parts.onRequest(request, response);
  }

  readonly #answered = (): void => {
    // That of an answer before may come late.
    if (!this.#atWork?.destroyed) return;
    this.#atWork = undefined;
    const { socket } = this.parts;
    const next = socket.destroyed ? undefined : this.#waiting.shift();
    if (next) this.#start(next);
    if (!this.#isHeld || this.#mustWait()) return;
    this.#isHeld = false;
    socket.resume();
  };

  /** A body is read while its request is worked on; the request behind it is not. */
  #mustWait(): boolean {
    if (this.#isLate || this.#waiting.length > 0) return true;
    if (!this.#atWork || !this.#latest?.complete) return false;
    return !this.#atWork.writableEnded || this.parts.socket.writableNeedDrain;
  }

  readonly #take = (bytes: Buffer): void => {
    const isNext = !this.#atWork || this.#latest?.complete;
    if (isNext && bytes.length <= PIECE_BYTES && !this.#mustWait() && !this.#isStopped()) this.parts.parse(bytes);
    else this.#takeInPieces(bytes);
  };

  #takeInPieces(bytes: Buffer): void {
    const { socket, parse, turns } = this.parts;
    let at = 0;
    // Each gets on by one piece, however late in the turn.
    let isOver = false;
    while (at < bytes.length && !isOver && !this.#isStopped() && !this.#mustWait()) {
      const end = at + this.#pieceBytes();
      const piece = bytes.subarray(at, end);
      at += piece.length;
      this.#rest = bytes.subarray(at);
      parse(piece);
      if (socket.destroyed || !this.#rest) return;
      this.#rest = undefined;
      isOver = turns.isOver();
    }
    if (at < bytes.length || isOver) this.#wait(bytes.subarray(at), isOver);
  }

  #pieceBytes(): number {
    const length = this.#latest && !this.#latest.complete ? Number(this.#latest.headers['content-length'] ?? 0) : 0;
    return Math.max(PIECE_BYTES, Math.min(length, BODY_PIECE_BYTES));
  }

  /** By Node, which goes on by itself: a body is not read as fast as it comes, or an answer not taken. */
  #isStopped(): boolean {
    const { socket } = this.parts;
    return socket.isPaused() || (socket as Socket & { readonly _paused?: boolean })._paused === true;
  }

  #wait(rest: Buffer, isOver: boolean): void {
    const { socket, turns } = this.parts;
    const isStopped = this.#isStopped();
    socket.pause();
    if (rest.length > 0) socket.unshift(rest);
    // Node resumes the socket whenever a body is read on, also while it waits for its turn.
    if (isStopped || this.#isLate) return;
    if (this.#mustWait()) this.#isHeld = true;
    else if (isOver) this.#isLate = true;
    if (this.#isLate) turns.later(this.#goOn);
  }

  readonly #goOn = (): void => {
    this.#isLate = false;
    this.parts.socket.resume();
  };
}
