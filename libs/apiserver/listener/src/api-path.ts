const roots = new Set([
  '', // the list of paths
  'api',
  'apis',
  'openapi',
  'openid',
  'version',
  'healthz',
  'livez',
  'readyz',
  'metrics',
  '.well-known',
]);

/** True for what the API server answers; everything else is somebody else's (the dashboard). `url` may carry a query. */
export function isApiPath(url: string): boolean {
  let end = 1;
  for (; end < url.length; end++) {
    const char = url.charCodeAt(end);
    if (char === 0x2f || char === 0x3f) break;
  }
  return roots.has(url.slice(1, end));
}
