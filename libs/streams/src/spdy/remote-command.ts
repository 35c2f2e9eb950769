import type { Duplex, Readable, Writable } from 'node:stream';
import type { Status } from '@kubernest/meta';
import { badRequest } from '@kubernest/meta';
import { LONGEST_SIZE, type RemoteCommandChannels, type RemoteCommandOptions, ResizeEvents } from '../channels.ts';
import { endAll, writeAndEnd } from '../end-stream.ts';
import { SpdyConnection } from './connection.ts';
import type { SpdyStream } from './stream.ts';

/** How long a client may take to open its streams, as in Kubernetes. */
const streamCreationTimeout = 30_000;

const carriesStatus = (protocol: string) => protocol.startsWith('v4.') || protocol.startsWith('v5.');
const carriesResize = (protocol: string) => carriesStatus(protocol) || protocol.startsWith('v3.');

/** The client opens one stream per channel, in any order; the session begins when all are there. */
export function spdyRemoteCommand(
  socket: Duplex,
  protocol: string,
  options: RemoteCommandOptions,
): Promise<RemoteCommandChannels> {
  const wanted = new Set<string>(['error']);
  for (const name of ['stdin', 'stdout', 'stderr'] as const) if (options[name]) wanted.add(name);
  if (options.tty && carriesResize(protocol)) wanted.add('resize');
  const streams = new Map<string, SpdyStream>();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(badRequest('timed out waiting for the client to create its streams'));
      socket.destroy();
    }, streamCreationTimeout);
    const connection = new SpdyConnection(socket, {
      side: 'server',
      onStream(stream) {
        const name = stream.headers['streamtype'] ?? '';
        if (!wanted.has(name) || streams.has(name)) {
          stream.destroy();
          return;
        }
        streams.set(name, stream);
        if (streams.size < wanted.size) return;
        clearTimeout(timer);
        resolve(channelsOf(connection, streams, protocol));
      },
    });
    void connection.closed.then(() => {
      clearTimeout(timer);
      reject(badRequest('the client went away before it had created its streams'));
    });
  });
}

function channelsOf(
  connection: SpdyConnection,
  streams: ReadonlyMap<string, SpdyStream>,
  protocol: string,
): RemoteCommandChannels {
  const resize = new ResizeEvents();
  readSizes(streams.get('resize'), resize);
  const controller = new AbortController();
  void connection.closed.then(() => controller.abort(new Error('the client went away')));
  const output = (name: string): Writable | undefined => streams.get(name);
  let exited: Promise<void> | undefined;
  const leave = async (status: Status) => {
    await endAll([output('stdout'), output('stderr')]);
    await writeAndEnd(streams.get('error'), statusText(status, protocol));
    await connection.end();
  };
  return {
    protocol,
    stdin: streams.get('stdin') as Readable | undefined,
    stdout: output('stdout'),
    stderr: output('stderr'),
    onResize: (listener) => resize.onResize(listener),
    exit: (status) => (exited ??= leave(status)),
    closed: connection.closed,
    signal: controller.signal,
  };
}

/** Before v4 the error stream is plain text, and silent on success. */
const statusText = (status: Status, protocol: string): string => {
  if (carriesStatus(protocol)) return JSON.stringify(status);
  return status.status === 'Success' ? '' : (status.message ?? 'unknown error');
};

/** Of sizes that come together the last one counts. */
const MOST_AT_ONCE = 8;

/** Sizes come as JSON objects with nothing or a newline between them. */
function readSizes(stream: Readable | undefined, resize: ResizeEvents): void {
  let rest = '';
  stream?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.subarray(-LONGEST_SIZE)).split('}');
    rest = parts.pop() ?? '';
    for (const part of parts.slice(-MOST_AT_ONCE)) resize.accept(`${part}}`);
    if (rest.length > LONGEST_SIZE) rest = '';
  });
}
