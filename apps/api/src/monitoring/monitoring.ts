import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { Exposition } from '@kubernest/apiserver/metrics';
import type { Client } from '@kubernest/client';
import { type Context, type Metrics, type Runnable, whenAborted } from '@kubernest/kit';
import { issueItself } from '@kubernest/pki';
import { mayRead } from './may-read.ts';
import type { MonitoringConfig } from './monitoring.config.ts';

export interface MonitoringParts {
  readonly config: MonitoringConfig;
  /** By which it is asked who a reader is. */
  readonly client: Client;
  readonly metrics: Metrics;
}

/** compat: whether it runs anybody may know. */
const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

/** `/metrics` and `/healthz` of a process without the API server, with a certificate of its own making, as in Kubernetes. */
export function monitoring({ config: { address, port }, client, metrics }: MonitoringParts): Runnable {
  const exposition = new Exposition(metrics);
  return {
    name: 'monitoring',
    async start(ctx) {
      if (port === 0) return { done: whenAborted(ctx.signal) };
      const names = { dnsNames: ['localhost'], ipAddresses: [address] };
      const { key, certificate } = await issueItself({ commonName: 'localhost', usage: 'server', ...names }, ctx);
      const server = createServer({ key, cert: certificate }, (request, response) => {
        answer(request, { client, exposition }, ctx).then(
          ({ status, text, contentType = 'text/plain; charset=utf-8' }) =>
            response.writeHead(status, { 'content-type': contentType, 'x-content-type-options': 'nosniff' }).end(text),
          (error: unknown) => {
            ctx.log.warn('a reader of the metrics could not be answered', { error });
            response.writeHead(500).end('Internal Server Error\n');
          },
        );
      });
      await once(server.listen(port, address), 'listening', { signal: ctx.signal });
      return { done: whenAborted(ctx.signal).then(() => closed(server)) };
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly contentType?: string;
}

interface Asked {
  readonly client: Client;
  readonly exposition: Exposition;
}

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  { client, exposition }: Asked,
  ctx: Context,
): Promise<Answer> {
  const [path = '/'] = url.split('?');
  if (method !== 'GET') return { status: 405, text: 'Method Not Allowed\n' };
  if (healthPaths.has(path)) return { status: 200, text: 'ok' };
  if (path !== '/metrics') return { status: 404, text: '404 page not found\n' };
  const may = await mayRead({ path, authorization: headers.authorization }, client, ctx);
  if (may === 'unknown') return { status: 401, text: 'Unauthorized\n' };
  if (may === 'no') return { status: 403, text: 'Forbidden\n' };
  return { status: 200, ...(await exposition.read()) };
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close').catch(() => {});
}
