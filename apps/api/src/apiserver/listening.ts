import type { Server as HttpServer } from 'node:http';
import type { ApiServer } from '@kubernest/apiserver/contract';
import { type Beside, createListener } from '@kubernest/apiserver/listener';
import { type Context, type Runnable, whenAborted } from '@kubernest/kit';
import type { CertifiedKey } from '@kubernest/pki';
import { DASHBOARD_PATH, SOCKETS_PATH } from '../dashboard/paths.ts';
import type { ApiserverConfig } from './apiserver.config.ts';
import type { ServerSecrets } from './secrets.ts';

export interface ListeningParts {
  readonly config: ApiserverConfig;
  readonly secrets: ServerSecrets;
  readonly apiServer: ApiServer;
  /** Nest's own server, which never listens: it is handed what is the dashboard's. Undefined where there is none. */
  readonly dashboard: HttpServer | undefined;
}

/** Listens on loopback and on the node's own address, nowhere else. The latter may come to exist later. */
export function listening(parts: ListeningParts): Runnable {
  return {
    name: 'listener',
    async start(ctx) {
      await listen(parts, '127.0.0.1', ctx);
      const onNode = listenWhenItExists(parts, ctx).catch((error: unknown) => {
        if (!ctx.signal.aborted) throw error;
      });
      return { done: Promise.all([onNode, whenAborted(ctx.signal)]).then(() => {}) };
    },
  };
}

async function listenWhenItExists(parts: ListeningParts, ctx: Context): Promise<void> {
  const address = parts.config.advertiseAddress;
  if (address === '127.0.0.1') return;
  for (;;) {
    try {
      return await listen(parts, address, ctx);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL') throw error;
      await ctx.clock.sleep(500, ctx.signal);
    }
  }
}

function listen({ config, secrets, apiServer, dashboard }: ListeningParts, host: string, ctx: Context): Promise<void> {
  const serving = ({ key, certificate }: CertifiedKey) => ({ key, cert: certificate });
  const tls = {
    ...serving(secrets.serving.value),
    clientCa: secrets.cluster.authority.certificate,
    frontProxyCa: secrets.cluster.frontProxyAuthority.certificate,
  };
  const beside = dashboard && handedTo(dashboard);
  const listener = createListener({ tls, handler: apiServer, ...(beside ? { beside } : {}) }, ctx);
  const unfollow = secrets.serving.follow((renewed) => listener.renew(serving(renewed)));
  ctx.signal.addEventListener(
    'abort',
    () => {
      unfollow();
      listener.server.close();
      listener.drain();
      listener.server.closeIdleConnections();
    },
    { once: true },
  );
  return new Promise((resolve, reject) => {
    listener.server.once('error', reject);
    listener.server.listen({ port: config.port, host }, () => {
      listener.server.off('error', reject);
      resolve();
    });
  });
}

const handedTo = (dashboard: HttpServer): Beside => ({
  path: DASHBOARD_PATH,
  onRequest: (request, response) => void dashboard.emit('request', request, response),
  upgradePath: SOCKETS_PATH,
  onUpgrade: (request, socket, head) => void dashboard.emit('upgrade', request, socket, head),
});
