// Node's TLS server and nothing else: what any API over HTTPS could reach here. Runs by itself, in a process of its own.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';

const bodies = new Map<string, Buffer>();
const watchers = new Set<ServerResponse>();

interface Setup {
  readonly cert: string;
  readonly key: string;
}
interface Body {
  readonly path: string;
  readonly base64: string;
}

function answer(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-cache, private',
  });
  response.end(body);
}

function fanOut(): void {
  const event = bodies.get('/event')!;
  for (const watcher of watchers) watcher.write(event);
}

function serve(incoming: IncomingMessage, response: ServerResponse): void {
  const path = incoming.url ?? '/';
  if (path === '/watch' && incoming.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    watchers.add(response);
    response.once('close', () => watchers.delete(response));
    return;
  }
  const body = bodies.get(path) ?? Buffer.from('ok');
  if (incoming.method === 'GET') return answer(response, 200, body);
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    if (path === '/watch') fanOut();
    answer(response, 200, body);
  });
}

process.once('message', ({ cert, key }: Setup) => {
  const server = createServer({ cert, key }, serve).listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    process.send?.({ port: address.port });
  });
  process.on('message', ({ path, base64 }: Body) => {
    bodies.set(path, Buffer.from(base64, 'base64'));
    process.send?.({ kept: path });
  });
});
process.once('disconnect', () => process.exit(0));
