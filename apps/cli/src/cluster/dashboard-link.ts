import type { Context } from '@kubernest/kit';
import { adminClient } from './admin-client.ts';
import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';

/** An address that opens the dashboard once, as the administrator, without a credential in the browser. Throws when the API does not answer. */
export async function dashboardLink(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<string> {
  const answer = await adminClient(dir).raw({ method: 'POST', path: '/ui/links' }, ctx);
  return `https://127.0.0.1:${facts.apiPort}/ui/#link=${(answer.object as { readonly code: string }).code}`;
}
