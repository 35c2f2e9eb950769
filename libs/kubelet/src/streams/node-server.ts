import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { Client } from '@kubernest/client';
import { type Context, type Current, messageOf } from '@kubernest/kit';
import { authorizeByUsage } from '@kubernest/pki';
import { answerUpgrade, KEEP_ALIVE } from '@kubernest/streams';
import type { NodeParts } from '../pods/node-parts.ts';
import type { PodWorkers } from '../pods/pod-workers.ts';
import { accessOf, NodeAuth } from './node-auth.ts';
import { type NodeRoute, nodeRoutes } from './node-routes.ts';
import { RouteError } from './route-error.ts';

export interface NodeServerTls {
  readonly cert: string;
  readonly key: string;
  /** Who signs the certificates of those who may call. */
  readonly clientCa: string;
}

export interface NodeServerOptions {
  readonly port: number;
  readonly tls: Current<NodeServerTls>;
  readonly client: Client;
  readonly parts: NodeParts;
  readonly workers: PodWorkers;
  readonly background: Promise<unknown>[];
}

/** Serves the node's HTTPS API; resolves with its port once it listens. Closes with the agent. */
export async function serveNode(options: NodeServerOptions, ctx: Context): Promise<number> {
  const { tls, parts, workers } = options;
  const auth = new NodeAuth(options.client, parts.nodeName);
  const server = createServer({
    ...KEEP_ALIVE,
    ...secureContext(tls.value),
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on('secureConnection', (socket: TLSSocket) => authorizeByUsage(socket, tls.value.clientCa));
  const unfollow = tls.follow((renewed) => server.setSecureContext(secureContext(renewed)));
  ctx.signal.addEventListener('abort', unfollow, { once: true });
  const route = async (req: IncomingMessage): Promise<{ match: NodeRoute; params: readonly string[]; url: URL }> => {
    const url = urlOf(req);
    await guard(auth, req, url, ctx);
    for (const candidate of nodeRoutes) {
      const found = candidate.path.exec(url.pathname);
      if (found && candidate.methods.includes(req.method ?? 'GET'))
        return { match: candidate, params: found.slice(1).map((p) => decoded(p ?? '')), url };
    }
    throw new RouteError(404, '404 page not found');
  };
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const closed = new AbortController();
    res.once('close', () => closed.abort(new DOMException('the client is gone', 'AbortError')));
    const callCtx: Context = { ...ctx, signal: AbortSignal.any([ctx.signal, closed.signal]) };
    route(req)
      .then(({ match, params, url }) => {
        if (!match.handle) throw new RouteError(400, 'Upgrade request required');
        return match.handle({ req, res, params, query: url.searchParams, parts, workers }, callCtx);
      })
      .catch((error: unknown) => answerError(res, error, callCtx));
  });
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    route(req)
      .then(({ match, params, url }) => {
        if (!match.connect) throw new RouteError(400, 'this path takes no upgrade');
        return match.connect({ req, socket, head, params, query: url.searchParams, parts, workers }, ctx);
      })
      .catch((error: unknown) => refuseUpgrade(req, socket, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, resolve);
  });
  options.background.push(closeWith(server, ctx.signal));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : options.port;
}

const secureContext = ({ cert, key, clientCa }: NodeServerTls): SecureContextOptions => ({
  cert,
  key,
  ca: clientCa,
  minVersion: 'TLSv1.2',
});

/** The address that was asked for, or nowhere where it cannot be read. */
const urlOf = ({ url = '/' }: IncomingMessage): URL => {
  const base = 'https://node';
  return URL.canParse(url, base) ? new URL(url, base) : new URL('/-', base);
};

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new RouteError(400, `the path holds what is no percent-encoding: ${part}`);
  }
}

async function guard(auth: NodeAuth, req: IncomingMessage, url: URL, ctx: Context): Promise<void> {
  const caller = await auth.authenticate(req.socket as TLSSocket, req.headers.authorization, ctx);
  if (!caller) throw new RouteError(401, 'Unauthorized');
  const access = accessOf(req.method ?? 'GET', url.pathname);
  if (await auth.mayAccess(caller, access, ctx)) return;
  throw new RouteError(
    403,
    `Forbidden (user=${caller.username}, verb=${access.verb}, resource=nodes, subresource(s)=[${access.subresource}])`,
  );
}

function answerError(res: ServerResponse, error: unknown, ctx: Context): void {
  if (res.headersSent || ctx.signal.aborted) return void res.destroy();
  const status = error instanceof RouteError ? error.status : 500;
  const body = messageOf(error);
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(body) };
  res.writeHead(status, headers).end(body);
}

function refuseUpgrade(request: IncomingMessage, socket: Duplex, error: unknown): void {
  const status = error instanceof RouteError ? error.status : 500;
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  answerUpgrade(request, socket, { status, headers, body: messageOf(error) });
}

function closeWith(server: ReturnType<typeof createServer>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const close = (): void => {
      server.close(() => resolve());
      server.closeAllConnections();
    };
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
  });
}
