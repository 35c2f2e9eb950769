import { type ApiRequest, type ApiResponse, textResponse } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import type { HealthCheck, HealthRoot } from './health-checks.ts';

const roots: readonly HealthRoot[] = ['healthz', 'livez', 'readyz'];
const checksOf = (checks: readonly HealthCheck[], root: HealthRoot): readonly HealthCheck[] =>
  checks.filter(({ on }) => (on ?? roots).includes(root));

export const healthPaths = (checks: readonly HealthCheck[]): readonly string[] =>
  roots.flatMap((root) => [`/${root}`, ...checksOf(checks, root).map(({ name }) => `/${root}/${name}`)]);

/** `/healthz`, `/livez`, `/readyz`, each check below them, `?verbose` and `?exclude=`; undefined for any other path. */
export async function checkHealth(
  checks: readonly HealthCheck[],
  request: ApiRequest,
  ctx: Context,
): Promise<ApiResponse | undefined> {
  const [, head = '', ...below] = request.path.split('/');
  const root = roots.find((each) => each === head);
  if (!root) return undefined;
  const all = checksOf(checks, root);
  if (below.length === 0) return summary(all, { root, query: request.query }, ctx);
  const one = all.find(({ name }) => name === below.join('/'));
  if (!one) return undefined;
  const fault = await faultOf(one, ctx);
  return fault === undefined ? textResponse(200, 'ok') : textResponse(500, `internal server error: ${fault}\n`);
}

interface Question {
  readonly root: HealthRoot;
  readonly query: URLSearchParams;
}

async function summary(checks: readonly HealthCheck[], { root, query }: Question, ctx: Context): Promise<ApiResponse> {
  const excluded = new Set(query.getAll('exclude'));
  const results = await Promise.all(
    checks.map(async (check) => ({
      name: check.name,
      isExcluded: excluded.has(check.name),
      fault: excluded.has(check.name) ? undefined : await faultOf(check, ctx),
    })),
  );
  // Anybody may ask: reasons go to those who may ask a check itself, and to the log.
  const lines = results.map(({ name, isExcluded, fault }) => {
    if (isExcluded) return `[+]${name} excluded: ok\n`;
    return fault === undefined ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`;
  });
  const unknown = [...excluded].filter((name) => !checks.some((check) => check.name === name)).sort();
  if (unknown.length > 0)
    lines.push(`warn: some health checks cannot be excluded: no matches for ${quoted(unknown)}\n`);
  const failed = results.filter(({ fault }) => fault !== undefined);
  if (failed.length === 0)
    return textResponse(200, query.has('verbose') ? `${lines.join('')}${root} check passed\n` : 'ok');
  const faults = failed.map(({ name, fault }) => `${name}: ${fault}`).join('; ');
  ctx.log.warn('a health check failed', { endpoint: root, faults });
  return textResponse(500, `${lines.join('')}${root} check failed\n`);
}

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

async function faultOf(check: HealthCheck, ctx: Context): Promise<string | undefined> {
  try {
    return await check.check(ctx);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
