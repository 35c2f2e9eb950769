import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { internalError, type Status } from '@kubernest/meta';
import type { RemoteCommandOptions } from './channels.ts';
import { connectSpdy, connectWebSocket, type UpgradeRequest } from './dial-upgrade.ts';
import { SpdyConnection } from './spdy/connection.ts';
import { ChannelSocket, formatOf } from './websocket/channel-socket.ts';
import { channel } from './websocket/remote-command.ts';

/** The client's end of an exec or attach. */
export interface RemoteCommand {
  readonly protocol: string;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  resize(columns: number, rows: number): void;
  /** How it ended. A connection that broke before is a failure too; never rejects. */
  readonly status: Promise<Status>;
  close(): void;
}

const brokenOff = (): Status => internalError(new Error('connection closed before the command ended')).toStatus();

const parseStatus = (message: string): Status => {
  try {
    return JSON.parse(message) as Status;
  } catch {
    return internalError(new Error(message)).toStatus();
  }
};

/** Over WebSocket, v5 or v4. Throws a StatusError when the server refuses. */
export async function connectRemoteCommand(
  request: UpgradeRequest,
  options: RemoteCommandOptions,
): Promise<RemoteCommand> {
  const ws = await connectWebSocket(request, ['v5.channel.k8s.io', 'v4.channel.k8s.io']);
  const socket = new ChannelSocket(ws, formatOf(ws.protocol), 'client');
  const stdout = socket.input(channel.stdout);
  const stderr = socket.input(channel.stderr);
  const errors = socket.input(channel.error);
  const resize = socket.output(channel.resize);
  if (!options.stdout && !options.tty) stdout.resume();
  if (!options.stderr) stderr.resume();
  const status = text(errors).then((message) => (message === '' ? brokenOff() : parseStatus(message)), brokenOff);
  return {
    protocol: ws.protocol,
    stdin: options.stdin ? socket.output(channel.stdin) : undefined,
    stdout: options.stdout ? stdout : undefined,
    stderr: options.stderr ? stderr : undefined,
    resize: (columns, rows) => void resize.write(JSON.stringify({ Width: columns, Height: rows })),
    status,
    close: () => ws.close(),
  };
}

/** Over SPDY/3.1, for servers that know no WebSocket. */
export async function connectSpdyCommand(
  request: UpgradeRequest,
  options: RemoteCommandOptions,
): Promise<RemoteCommand> {
  const { socket, protocol } = await connectSpdy(request, ['v4.channel.k8s.io']);
  const connection = new SpdyConnection(socket, { side: 'client' });
  const open = (streamtype: string) => connection.openStream({ streamtype });
  // compat: the error stream comes first in every client, and some servers count on it.
  const errors = await open('error');
  errors.end();
  const stdin = options.stdin ? await open('stdin') : undefined;
  const stdout = options.stdout ? await open('stdout') : undefined;
  const stderr = options.stderr ? await open('stderr') : undefined;
  const resize = options.tty ? await open('resize') : undefined;
  stdout?.end();
  stderr?.end();
  const gone = connection.closed.then(() => '');
  const told = text(errors).catch(() => '');
  const status = Promise.race([told, gone.then(() => told)]).then((message) =>
    message === '' ? brokenOff() : parseStatus(message),
  );
  return {
    protocol,
    stdin,
    stdout,
    stderr,
    resize: (columns, rows) => void resize?.write(JSON.stringify({ Width: columns, Height: rows })),
    status,
    close: () => void connection.end(),
  };
}
