import type { ApiRequest } from '@kubernest/apiserver/contract';
import { StatusError } from '@kubernest/meta';
import type { Stage } from './stage.ts';

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

export const otherSites: Stage = {
  enter: ({ request }) => refuseOtherSites(request),
};

/**
 * Refuses what a page of another site has made a browser send, where the browser's surroundings say who asks (a certificate, a `kubectl proxy`
 * on its machine) and not the page, by a token of its own. What is only read the browser keeps from such a page anyway. Kubernetes lets these in.
 */
function refuseOtherSites({ method, headers, peer, upgrade }: ApiRequest): void {
  if (reads.has(method) && !upgrade) return;
  if (peer.loopback || headers['authorization'] !== undefined || !isOfAnotherSite(headers)) return;
  const page = headers['origin'] ?? 'another site';
  const what = upgrade ? 'a connection' : `this ${method}`;
  throw new StatusError(
    403,
    'Forbidden',
    `forbidden: ${what} was asked for by a page of ${JSON.stringify(page)}: pages of other sites must send a bearer token of their own`,
    {},
  );
}

/** Browsers say it, and pages cannot; not for every WebSocket, and old ones not at all, which at least say where the page is from. */
function isOfAnotherSite(headers: ApiRequest['headers']): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return false;
  if (site === 'cross-site') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  if (!URL.canParse(origin)) return true;
  const { host, hostname } = new URL(origin);
  // What is proxied on the browser's own machine comes with another host: `kubectl proxy` writes the API server's.
  return !isThisMachine(hostname) && host !== headers['host'] && host !== headers['x-forwarded-host'];
}

const isThisMachine = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(hostname);
