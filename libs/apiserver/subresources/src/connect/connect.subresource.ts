import type { ApiResponse, Subresource, SubresourceCall } from '@kubernest/apiserver/engine';
import type { Context } from '@kubernest/kit';
import { badRequest } from '@kubernest/meta';
import { proxyUpgrade } from '@kubernest/streams';
import { dialWords } from '../dial-words.ts';
import type { NodeDialer } from '../node-dialer.ts';
import { containerOf, type Pod, podOf, pods } from '../pod.ts';

type PathOf = (pod: Pod, query: URLSearchParams) => string;

/** A session with a container: the upgrade is passed on to the agent of the pod's node, whatever protocol it speaks. */
function session(name: string, dialer: NodeDialer, pathOf: PathOf): Subresource {
  return {
    of: pods,
    name,
    verbs: ['create', 'get'],
    connects: 'session',
    async handle(call, ctx) {
      const pod = await podOf(call, ctx);
      const { nodeName } = pod.spec;
      if (!nodeName) throw badRequest(`pod ${call.info.name} does not have a host assigned`);
      if (isOver(pod))
        throw badRequest(`cannot ${name} into a container in a completed pod; current phase is ${pod.status?.phase}`);
      const path = pathOf(pod, call.request.query);
      return passUpgrade(call, { connection: dialer.toNode(nodeName, call.read), path }, ctx);
    },
  };
}

const isOver = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export function passUpgrade(
  call: SubresourceCall,
  target: { readonly connection: ReturnType<NodeDialer['toNode']>; readonly path: string },
  _ctx: Context,
): ApiResponse {
  const { upgrade } = call.request;
  if (!upgrade) throw badRequest('Upgrade request required');
  const why = (error: Error) => dialWords(error, target.connection);
  void proxyUpgrade(upgrade.request, upgrade.socket, upgrade.head, { ...target, why });
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

export const podExec = (dialer: NodeDialer): Subresource => session('exec', dialer, command('exec'));
export const podAttach = (dialer: NodeDialer): Subresource => session('attach', dialer, command('attach'));
export const podPortForward = (dialer: NodeDialer): Subresource =>
  session(
    'portforward',
    dialer,
    (pod, query) => `/portForward/${pod.metadata.namespace}/${pod.metadata.name}?${query}`,
  );
