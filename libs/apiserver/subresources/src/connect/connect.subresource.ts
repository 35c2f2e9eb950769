import type { Pod } from '@kubernest/api-types/core/v1';
import type { ApiResponse, Subresource, SubresourceCall } from '@kubernest/apiserver/contract';
import { type Connection, type Dialer, upgrade } from '@kubernest/apiserver/dialer';
import type { Context } from '@kubernest/kit';
import { badRequest } from '@kubernest/meta';
import { proxyUpgrade } from '@kubernest/streams';
import { containerOf, podOf, pods } from '../pod.ts';

type Session = { readonly name: string; readonly options: string };
type PathOf = (pod: Pod, query: URLSearchParams) => string;

/** A session with a container: the upgrade is passed on to the agent of the pod's node, whatever protocol it speaks. */
function session({ name, options }: Session, dialer: Dialer, pathOf: PathOf): Subresource {
  return {
    of: pods,
    name,
    verbs: ['create', 'get'],
    connects: 'session',
    options,
    async handle(call, ctx) {
      const pod = await podOf(call, ctx);
      const { nodeName } = pod.spec!;
      if (!nodeName) throw badRequest(`pod ${call.info.name} does not have a host assigned`);
      if (isOver(pod))
        throw badRequest(`cannot ${name} into a container in a completed pod; current phase is ${pod.status?.phase}`);
      const path = pathOf(pod, call.request.query);
      return passUpgrade(call, { connection: dialer.toNode(nodeName), path }, ctx);
    },
  };
}

const isOver = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Passes an upgrade on and then bytes both ways. Its own answers, refusals among them, the backend gives to the client itself. */
export function passUpgrade(
  call: SubresourceCall,
  { connection, path }: { readonly connection: Connection; readonly path: string },
  ctx: Context,
): ApiResponse {
  const client = call.request.upgrade;
  if (!client) throw badRequest('Upgrade request required');
  void proxyUpgrade(client, ({ method, headers }, signal) =>
    upgrade(connection, { method, path, headers }, { ...ctx, signal }),
  );
  return { kind: 'upgraded' };
}

function command(verb: string): PathOf {
  return (pod, query) => {
    const container = containerOf(pod, query.get('container'));
    const passed = new URLSearchParams(query);
    passed.delete('container');
    for (const [long, short] of [
      ['stdin', 'input'],
      ['stdout', 'output'],
      ['stderr', 'error'],
    ] as const) {
      const wanted = query.get(long);
      passed.delete(long);
      if (wanted !== null && wanted !== 'false' && wanted !== '0') {
        passed.set(long, 'true');
        // compat: agents know these by their old names, too.
        passed.set(short, '1');
      }
    }
    return `/${verb}/${pod.metadata.namespace}/${pod.metadata.name}/${container}?${passed}`;
  };
}

export const podExec = (dialer: Dialer): Subresource =>
  session({ name: 'exec', options: 'PodExecOptions' }, dialer, command('exec'));
export const podAttach = (dialer: Dialer): Subresource =>
  session({ name: 'attach', options: 'PodAttachOptions' }, dialer, command('attach'));
export const podPortForward = (dialer: Dialer): Subresource =>
  session(
    { name: 'portforward', options: 'PodPortForwardOptions' },
    dialer,
    (pod, query) => `/portForward/${pod.metadata.namespace}/${pod.metadata.name}?${query}`,
  );
