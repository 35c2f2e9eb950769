import { messageOf } from '@kubernest/kit';
import {
  acceptRemoteCommand,
  attachServing,
  execServing,
  portsOfQuery,
  servePortForward,
  serveRemoteCommand,
} from '@kubernest/streams';
import { uidOf } from '../pods/pod.ts';
import type { NodeCall, NodeRoute } from './node-routes.ts';
import { RouteError } from './route-error.ts';
import { findPod, runningContainer } from './targets.ts';

type Connect = NonNullable<NodeRoute['connect']>;

/** `input=1` or `stdin=true`: agents know both names. */
function wanted(query: URLSearchParams, ...names: readonly string[]): boolean {
  return names.some((name) => ['1', 'true'].includes(query.get(name) ?? ''));
}

function streamsOf({ query }: NodeCall) {
  const tty = wanted(query, 'tty');
  return {
    stdin: wanted(query, 'input', 'stdin'),
    stdout: wanted(query, 'output', 'stdout'),
    // With a terminal there is one output.
    stderr: !tty && wanted(query, 'error', 'stderr'),
    tty,
  };
}

export const connectExec: Connect = async (call, ctx) => {
  const [namespace = '', podName = '', name = ''] = call.params;
  const { state } = runningContainer(call, namespace, podName, name);
  const command = call.query.getAll('command');
  if (command.length === 0) throw new RouteError(400, 'command is missing');
  const streams = streamsOf(call);
  const channels = await acceptRemoteCommand(call.req, call.socket, call.head, streams);
  await serveRemoteCommand(
    channels,
    // Unlike in Kubernetes, a command does not go on when its client has left, with a terminal or without.
    (signal) =>
      call.parts.runtime.exec(
        state.id,
        { command, ...streams },
        { ...ctx, signal: AbortSignal.any([ctx.signal, signal]) },
      ),
    execServing,
  );
};

export const connectAttach: Connect = async (call, ctx) => {
  const [namespace = '', podName = '', name = ''] = call.params;
  const { state } = runningContainer(call, namespace, podName, name);
  const streams = streamsOf(call);
  const channels = await acceptRemoteCommand(call.req, call.socket, call.head, streams);
  await serveRemoteCommand(
    channels,
    (signal) => call.parts.runtime.attach(state.id, streams, { ...ctx, signal: AbortSignal.any([ctx.signal, signal]) }),
    attachServing,
  );
};

export const connectPortForward: Connect = async (call, ctx) => {
  const [namespace = '', podName = ''] = call.params;
  const ports = portsOf(call.query);
  const sandbox = call.parts.view.pod(uidOf(findPod(call, namespace, podName))).sandboxes.find((each) => each.running);
  if (!sandbox) throw new RouteError(404, `pod "${podName}" does not run`);
  const dial = (port: number, signal: AbortSignal) =>
    call.parts.runtime.portForward(sandbox.id, port, { ...ctx, signal: AbortSignal.any([ctx.signal, signal]) });
  await servePortForward(call.req, call.socket, call.head, { ports, dial });
};

function portsOf(query: URLSearchParams): readonly number[] {
  try {
    return portsOfQuery(query);
  } catch (error) {
    throw new RouteError(400, messageOf(error));
  }
}
