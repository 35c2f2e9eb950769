import type { Context } from '@kubernest/kit';
import { internalError } from '@kubernest/meta';
import { pickNodePort, whyNotFree } from './node-ports.ts';
import type { Pool } from './pool.ts';
import { type ServiceDraft, wantsHealthCheckPort } from './service-draft.ts';

/** The port at which a load balancer asks each node whether it has endpoints. compat: what is wrong with it is the server's fault, in words. */
export async function allocateHealthCheckPort(draft: ServiceDraft, pool: Pool, ctx: Context): Promise<void> {
  const { spec } = draft;
  if (!spec || !wantsHealthCheckPort(draft)) return;
  const { healthCheckNodePort: asked } = spec;
  if (!asked) {
    spec.healthCheckNodePort = await pickNodePort(spec, pool, ctx);
    return;
  }
  const isOwn = spec.ports?.some(({ nodePort }) => nodePort === asked);
  const why = isOwn ? 'provided port is already allocated' : await whyNotFree(asked, pool, ctx);
  if (why) throw internalError(new Error(`failed to allocate requested HealthCheck NodePort ${asked}: ${why}`));
}
