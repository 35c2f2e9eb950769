import type { APIService } from '@kubernest/kinds';
import { type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import { backendOf } from '../backend.ts';
import { askBackend, type Reach } from '../backend-call.ts';

/** compat: a server that needs longer to say what it serves counts as away. */
const ANSWERS_WITHIN: Milliseconds = 5_000;

/** Asks the server behind for the document that it must have; rejects with why it does not answer, in Kubernetes' words. */
export async function checkBackend(apiService: APIService, reach: Reach, ctx: Context): Promise<void> {
  const backend = backendOf(apiService);
  if (!backend) throw new Error('this API server serves the group-version itself, and hands it to nobody');
  const { group, version, service } = backend;
  const path = `/apis/${group}/${version}`;
  const url = `https://${service.name}.${service.namespace}.svc:${service.port}${path}`;
  const failing = (why: string): Error => new Error(`failing or missing response from ${url}: ${why}`);
  const { status } = await askBackend(backend, reach, { path, timeout: ANSWERS_WITHIN }, ctx).catch(
    (error: unknown) => {
      ctx.signal.throwIfAborted();
      throw failing(messageOf(error));
    },
  );
  if (status < 200 || status > 299) throw failing(`bad status from ${url}: ${status}`);
}
