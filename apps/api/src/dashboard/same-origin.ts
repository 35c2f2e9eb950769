import type { IncomingHttpHeaders } from 'node:http';

/**
 * False for what another site's page has made a browser send. Browsers say it themselves (`Sec-Fetch-Site`, which scripts cannot set); older ones
 * say where the page is from. What comes from no page at all names neither.
 */
export function isOwnPages(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
