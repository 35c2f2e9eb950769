/** Whether `url`, which may carry a query, is `path` or below it. */
export function isUnder(path: string, url: string): boolean {
  if (!url.startsWith(path)) return false;
  const next = url[path.length];
  return next === undefined || next === '/' || next === '?';
}
