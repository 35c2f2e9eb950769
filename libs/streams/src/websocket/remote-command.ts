import type { Duplex, Writable } from 'node:stream';
import type { Status } from '@kubernest/meta';
import type { WebSocket } from 'ws';
import { type RemoteCommandChannels, type RemoteCommandOptions, ResizeEvents } from '../channels.ts';
import { endAll } from '../end-stream.ts';
import { ChannelSocket, formatOf } from './channel-socket.ts';
import { endWebSocket } from './end.ts';

export const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

const carriesStatus = (protocol: string) => protocol.startsWith('v4.') || protocol.startsWith('v5.');

export function webSocketRemoteCommand(
  connection: { readonly ws: WebSocket; readonly socket: Duplex },
  protocol: string,
  options: RemoteCommandOptions,
): RemoteCommandChannels {
  const socket = new ChannelSocket(connection.ws, formatOf(protocol));
  const resize = new ResizeEvents();
  socket.input(channel.resize).on('data', (chunk: Buffer) => resize.accept(chunk));
  const output = (name: 'stdout' | 'stderr'): Writable | undefined =>
    options[name] ? socket.output(channel[name]) : undefined;
  const stdout = output('stdout');
  const stderr = output('stderr');
  const controller = new AbortController();
  void socket.closed.then(() => controller.abort(new Error('the client went away')));
  let exited: Promise<void> | undefined;
  const leave = async (status: Status) => {
    await endAll([stdout, stderr]);
    const text = carriesStatus(protocol)
      ? JSON.stringify(status)
      : status.status === 'Success'
        ? ''
        : (status.message ?? 'unknown error');
    if (text !== '')
      await new Promise<void>((resolve) => socket.send(channel.error, Buffer.from(text), () => resolve()));
    endWebSocket(connection);
  };
  // compat: clients take the first message, an empty one, as the sign that the session stands.
  socket.send(stdout ? channel.stdout : stderr ? channel.stderr : channel.error, Buffer.alloc(0));
  return {
    protocol,
    stdin: options.stdin ? socket.input(channel.stdin) : undefined,
    stdout,
    stderr,
    onResize: (listener) => resize.onResize(listener),
    exit: (status) => (exited ??= leave(status)),
    closed: socket.closed,
    signal: controller.signal,
  };
}
