import type { Server as HttpServer } from 'node:http';
import type { ApiServer } from '@kubernest/apiserver/contract';
import { loopbackTransport } from '@kubernest/apiserver/handlers';
import { createClient } from '@kubernest/client';
import type { Context, Milliseconds } from '@kubernest/kit';
import { createLive, type Live } from '@kubernest/live';
import { TurnByTurnServer } from '@kubernest/streams';
import { Server, type Socket } from 'socket.io';
import { takeFewPackets } from './few-packets.ts';
import { paced } from './paced.ts';
import { SOCKETS_PATH } from './paths.ts';
import type { Sessions, Visitor } from './sessions.ts';

/** Then a page has to say again who it is; it does so by itself. */
const SOCKET_LIFE: Milliseconds = 10 * 60_000;
/** Each view begins with a dozen requests. */
const OTHER_VIEW_EVERY: Milliseconds = 500;

/** Carries live views to pages. Returns what ends it. */
export function serveSockets(http: HttpServer, apiServer: ApiServer, sessions: Sessions, ctx: Context): () => void {
  const live = createLive((user) => createClient(loopbackTransport(apiServer, user)), ctx);
  const io = new Server({
    path: SOCKETS_PATH,
    destroyUpgrade: false,
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    wsEngine: TurnByTurnServer,
  });
  io.attach(http);
  takeFewPackets(io);
  // Not the cookie or certificate but a pass that only our own page could read: browsers open sockets for any site.
  io.use(async (socket, next) => {
    const { pass } = socket.handshake.auth as { readonly pass?: unknown };
    const evidence = typeof pass === 'string' ? sessions.pages.evidenceOf(pass) : undefined;
    const visitor = await sessions.visitor(evidence, ctx).catch(() => undefined);
    if (!visitor) return next(new Error('this page has to sign in again'));
    (socket.data as { visitor?: Visitor }).visitor = visitor;
    next();
  });
  io.on('connection', (socket) => serve(socket, { live, sessions }, ctx));
  const close = (): void => {
    io.disconnectSockets(true);
    io.engine.close();
  };
  ctx.signal.addEventListener('abort', close, { once: true });
  return close;
}

interface Serving {
  readonly live: Live;
  readonly sessions: Sessions;
}

function serve(socket: Socket, { live, sessions }: Serving, ctx: Context): void {
  const { visitor } = socket.data as { readonly visitor: Visitor };
  const { user } = visitor;
  let leave = (): void => {};
  const show = (namespace: string | undefined): void => {
    leave();
    leave = live.subscribe({ view: 'overview', user, ...(namespace ? { namespace } : {}) }, (delta) =>
      socket.emit('overview', delta),
    );
  };
  const turn = paced(show, OTHER_VIEW_EVERY, ctx);
  socket.on('overview', (options: unknown) => turn.to(namespaceIn(options)));
  const close = () => socket.conn.close();
  const cancel = ctx.clock.after(SOCKET_LIFE, close);
  const unwatch = sessions.watch(visitor, close, ctx);
  socket.on('disconnect', () => {
    cancel();
    unwatch();
    turn.stop();
    leave();
  });
}

function namespaceIn(options: unknown): string | undefined {
  const { namespace } = (options ?? {}) as { readonly namespace?: unknown };
  return typeof namespace === 'string' && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)
    ? namespace
    : undefined;
}
