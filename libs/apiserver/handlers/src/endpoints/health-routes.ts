import { type ApiRequest, type ApiResponse, textResponse } from '@kubernest/apiserver/contract';

/** One thing that must be well. */
export interface HealthCheck {
  readonly name: string;
  /** Rejects, or returns the reason, when it is not. */
  check(): Promise<string | undefined> | string | undefined;
  /** Which endpoints ask it; all unless given. */
  readonly on?: readonly ('healthz' | 'livez' | 'readyz')[];
}

const roots = ['healthz', 'livez', 'readyz'] as const;

export const healthPaths = (checks: readonly HealthCheck[]): readonly string[] =>
  roots.flatMap((root) => [
    `/${root}`,
    ...checks.filter(({ on }) => (on ?? roots).includes(root)).map(({ name }) => `/${root}/${name}`),
  ]);

/** `/healthz`, `/livez`, `/readyz`, each check below them, `?verbose` and `?exclude=`. */
export async function checkHealth(
  checks: readonly HealthCheck[],
  request: ApiRequest,
): Promise<ApiResponse | undefined> {
  const [, head = '', name] = request.path.split('/');
  const root = roots.find((each) => each === head);
  if (!root) return undefined;
  const excluded = new Set(request.query.getAll('exclude').flatMap((value) => value.split(',')));
  const asked = checks.filter(
    (check) => (check.on ?? roots).includes(root) && (name ? check.name === name : !excluded.has(check.name)),
  );
  if (name && asked.length === 0) return undefined;
  const results = await Promise.all(asked.map(async (check) => ({ name: check.name, fault: await faultOf(check) })));
  const failed = results.filter((result) => result.fault !== undefined);
  const lines = results.map(({ name: each, fault }) =>
    fault === undefined ? `[+]${each} ok` : `[-]${each} failed: ${fault}`,
  );
  if (failed.length > 0) return textResponse(500, `${lines.join('\n')}\n${root} check failed\n`);
  return textResponse(200, request.query.has('verbose') ? `${lines.join('\n')}\n${root} check passed\n` : 'ok');
}

async function faultOf(check: HealthCheck): Promise<string | undefined> {
  try {
    return await check.check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
