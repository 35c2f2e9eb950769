import { type Duplex, Writable } from 'node:stream';
import type { Context } from '@kubernest/kit';
import type { StreamSession } from '@kubernest/runtime/contract';
import type Docker from 'dockerode';
import { engineCall } from './engine-error.ts';
import { bindToContext, type SessionRequest, settle, splitStreams } from './session-streams.ts';

export async function openAttach(
  docker: Docker,
  id: string,
  request: SessionRequest,
  ctx: Context,
): Promise<StreamSession> {
  const container = docker.getContainer(id);
  const socket = (await engineCall(ctx, () =>
    container.attach({
      stream: true,
      hijack: true,
      stdin: request.stdin,
      stdout: request.stdout || request.tty,
      stderr: request.stderr && !request.tty,
      // Of an engine that answers after the client has left, too.
      abortSignal: ctx.signal,
    }),
  )) as unknown as Duplex;
  void bindToContext(socket, ctx, async () => {}).catch(() => {});
  const { Config } = await attachedTo(container, socket, ctx).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  const streams = splitStreams(socket, request);
  return {
    ...streams,
    stdin: streams.stdin && !Config.StdinOnce ? withoutEnd(socket) : streams.stdin,
    async resize(columns, rows) {
      if (request.tty) await engineCall(ctx, () => container.resize({ w: columns, h: rows }));
    },
    exitCode: settle(
      engineCall(ctx, () => container.wait({ abortSignal: ctx.signal })).then(
        (r: { StatusCode: number }) => r.StatusCode,
      ),
    ),
  };
}

/**
 * To who attaches to a container that has ended, the engine sends nothing, and no end either. It is asked for after the streams are there:
 * what runs now will end them, and so will what has been heard. As in Kubernetes it is a refusal, upon which kubectl turns to the log.
 */
async function attachedTo(container: Docker.Container, socket: Duplex, ctx: Context) {
  const info = await engineCall(ctx, () => container.inspect());
  if (!info.State.Running && socket.readableLength === 0)
    throw new Error(`container is not running (${info.State.Status})`);
  return info;
}

/**
 * The engine takes the end of input for the wish to hear no more, unless the container takes input only once. In Kubernetes a container
 * whose input stays open for others goes on being heard.
 */
const withoutEnd = (socket: Duplex): Writable =>
  new Writable({ write: (chunk, _encoding, done) => void socket.write(chunk, done) });
