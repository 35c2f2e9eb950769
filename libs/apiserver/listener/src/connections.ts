import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Turns } from '@kubernest/meta';
import { Connection } from './connection.ts';

/** A server's connections, each of which has one request worked on at a time. */
export class Connections {
  readonly #open = new WeakMap<Duplex, Connection>();

  constructor(
    private readonly onRequest: RequestListener,
    private readonly turns: Turns,
  ) {}

  /** The server's request listener is `begin`. */
  follow(server: Server, event: 'connection' | 'secureConnection'): void {
    server.on(event, (socket: Socket) => {
      const [parse] = socket.listeners('data') as ((bytes: Buffer) => void)[];
      const { onRequest, turns } = this;
      if (parse) this.#open.set(socket, new Connection({ socket, parse, onRequest, turns }));
    });
  }

  readonly begin: RequestListener = (request, response) => {
    const connection = this.#open.get(request.socket);
    if (connection) connection.begin(request, response);
    else this.onRequest(request, response);
  };

  /** The connection is upgraded: what Node hands over of its bytes is `head`, and what is behind it is added. */
  leave(socket: Duplex, head: Buffer): Buffer {
    const rest = this.#open.get(socket)?.leave();
    this.#open.delete(socket);
    return rest && rest.length > 0 ? Buffer.concat([head, rest]) : head;
  }
}
