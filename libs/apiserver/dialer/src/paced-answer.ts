import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { type Turns, turnsOfTheProcess } from '@kubernest/meta';

/**
 * The parser calls for each chunk, each line of a head and each head that announces another, and cannot be stopped in between. All of them
 * end in a line: so many lines are what it gets at once, a third of a millisecond's work.
 */
const LINES_OF_A_PIECE = 256;
const LINE_FEED = 0x0a;
/** Of an answer that nobody reads Node keeps parts until they are so many bytes: of one byte each, if that is how they come. */
const MOST_UNREAD_BYTES = 1024;

/**
 * Has the answers on a connection parsed in pieces, and those of all connections in turns: whoever answers says how much work each byte is.
 * To be called when the request has got its socket.
 */
export function paceAnswer(outgoing: ClientRequest, socket: Socket, turns: Turns = turnsOfTheProcess): void {
  Object.defineProperty(socket, 'readableHighWaterMark', { value: MOST_UNREAD_BYTES, configurable: true });
  // Added just now, by Node.
  const parse = socket.listeners('data').at(-1) as ((bytes: Buffer) => void) | undefined;
  if (parse) new PacedAnswer({ outgoing, socket, parse, turns });
}

interface Parts {
  readonly outgoing: ClientRequest;
  readonly socket: Socket;
  readonly parse: (bytes: Buffer) => void;
  readonly turns: Turns;
}

class PacedAnswer {
  readonly #parser: unknown;
  /** Behind the piece that is being parsed. */
  #rest: Buffer | undefined;
  #isLate = false;
  /** Its turn has come. */
  #isDue = false;

  constructor(private readonly parts: Parts) {
    const { outgoing, socket, parse } = parts;
    this.#parser = parserOf(socket);
    socket.on('data', this.#take);
    socket.off('data', parse);
    outgoing.once('close', this.#leave);
    // To listen for it is to ask for it. First of all: what the new protocol has to read comes before the rest.
    if (outgoing.listenerCount('upgrade') > 0) outgoing.prependOnceListener('upgrade', this.#upgraded);
  }

  readonly #take = (bytes: Buffer): void => {
    const { socket, parse } = this.parts;
    let at = 0;
    while (at < bytes.length && this.#mayGoOn()) {
      const end = endOfPiece(bytes, at);
      this.#rest = bytes.subarray(end);
      parse.call(socket, bytes.subarray(at, end));
      at = end;
      if (parserOf(socket) !== this.#parser) return this.#over();
    }
    if (at === bytes.length) return;
    // What has to wait goes back, and nothing more is read meanwhile.
    socket.pause();
    socket.unshift(bytes.subarray(at));
  };

  #mayGoOn(): boolean {
    // By Node, which goes on by itself once the answer is read.
    if (this.parts.socket.isPaused()) return false;
    if (this.#isDue) {
      this.#isDue = false;
      return true;
    }
    // Node may have gone on meanwhile.
    if (this.#isLate) return false;
    if (!this.parts.turns.isOver()) return true;
    this.#isLate = true;
    this.parts.turns.later(this.#goOn);
    return false;
  }

  readonly #goOn = (): void => {
    this.#isLate = false;
    this.#isDue = true;
    this.parts.socket.resume();
  };

  readonly #upgraded = (): void => {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest && rest.length > 0) this.parts.socket.unshift(rest);
  };

  #over(): void {
    this.#leave();
    // Nobody has asked for what is behind an answer, and it must not be the next request's.
    if (this.#rest && this.#rest.length > 0) this.parts.socket.destroy();
  }

  readonly #leave = (): void => {
    this.parts.socket.off('data', this.#take);
  };
}

/** Gone as soon as the answer is over, or the connection upgraded. */
const parserOf = (socket: Socket): unknown => (socket as Socket & { readonly parser?: unknown }).parser;

function endOfPiece(bytes: Buffer, from: number): number {
  let end = from;
  for (let lines = 0; lines < LINES_OF_A_PIECE; lines++) {
    const feed = bytes.indexOf(LINE_FEED, end);
    if (feed < 0) return bytes.length;
    end = feed + 1;
  }
  return end;
}
