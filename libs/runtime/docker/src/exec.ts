import { type Duplex, pipeline, type Readable, Writable } from 'node:stream';
import { answerWithin, type Context, type Milliseconds } from '@kubernest/kit';
import {
  ContainerStartError,
  type ExecRequest,
  type ExecResult,
  type StreamSession,
} from '@kubernest/runtime/contract';
import type Docker from 'dockerode';
import type { AbandonedSessions } from './abandoned-sessions.ts';
import { demultiplex } from './demultiplex.ts';
import { engineCall, engineWords, statusOf } from './engine-error.ts';
import type { ExecMark } from './exec-mark.ts';
import { findLeader, hangUp, killSession, type Leader } from './exec-processes.ts';
import { couldNotRun, StartFailureFilter } from './start-failure.ts';

/** Output that a probe may keep. */
const outputLimit = 10 * 1024;

/** How long it is waited for where a process is: whoever abandons a session has nobody to tell of it. */
const INSPECT_LIMIT: Milliseconds = 2_000;

type Streams = Omit<ExecRequest, 'command'>;

/** What executes: the engine, and the sessions that it is being rid of. */
export interface Executing {
  readonly docker: Docker;
  readonly abandoned: AbandonedSessions;
  readonly mark: ExecMark;
}

interface OpenExec extends ExecRequest {
  /** What becomes of its processes when nobody wants it any longer. */
  readonly abandoned: 'hang-up' | 'kill';
}

/** A command for somebody who reads and writes; who leaves, hangs up. */
export const openExec = (
  executing: Executing,
  id: string,
  request: ExecRequest,
  ctx: Context,
): Promise<StreamSession> => startExec(executing, id, { ...request, abandoned: 'hang-up' }, ctx);

/** Starts `command`; nothing of its output is lost, as the streams flow from the first byte. */
async function startExec(executing: Executing, id: string, request: OpenExec, ctx: Context): Promise<StreamSession> {
  const { docker, abandoned, mark } = executing;
  const exec = await startable(ctx, () =>
    docker.getContainer(id).exec({
      Cmd: [...request.command],
      AttachStdin: request.stdin,
      // Also where nobody wants it: a session of input alone would last until the input ends, whatever becomes of the command.
      AttachStdout: true,
      AttachStderr: request.stderr && !request.tty,
      Tty: request.tty,
      DetachKeys: mark.detachKeys,
    }),
  );
  const socket = await startable(
    ctx,
    () => exec.start({ hijack: true, stdin: true, Tty: request.tty }) as Promise<Duplex>,
  );
  // Known early, the first process leads to those that it leaves in the background.
  const early = request.abandoned === 'hang-up' ? leaderOf(exec, ctx).catch(() => undefined) : undefined;
  const leading = async (): Promise<Leader | undefined> => (await early) ?? (await leaderOf(exec, ctx));
  const end = async (leader: Leader): Promise<void> =>
    request.abandoned === 'kill' ? killSession(leader, id) : hangUp(leader, id, ctx.clock);
  const hangUpOn = async (): Promise<void> => {
    const found = leading();
    abandoned.add(found.then((leader) => leader && end(leader)));
    await found;
  };
  let hungUp: Promise<void> | undefined;
  const abandon = () => (hungUp ??= hangUpOn());
  const socketEnded = bindToContext(socket, ctx, abandon);
  const recorded = settle(socketEnded.then(() => execExitCode(exec, ctx)));
  // The engine may have nothing more to say long before the command ends: with a terminal, when its input ends.
  recorded.catch(() => (ctx.signal.aborted ? abandon() : undefined)).catch(() => {});
  const filter = new StartFailureFilter(() => recorded);
  const { stdin, stdout, stderr } = splitStreams(socket, { ...request, stdout: true });
  pipeline(stdout as Readable, filter, () => {});
  if (!request.stdout) filter.resume();
  const exitCode = recorded.then(async (code) => {
    const failure = couldNotRun(code) ? await filter.failure : undefined;
    if (failure !== undefined) throw new ContainerStartError(failure);
    return code;
  });
  return {
    stdin: stdin && early ? endsAfter(early, stdin) : stdin,
    stdout: request.stdout ? filter : undefined,
    stderr,
    async resize(columns, rows) {
      if (request.tty) await engineCall(ctx, () => exec.resize({ w: columns, h: rows }));
    },
    exitCode: settle(exitCode),
  };
}

export async function openAttach(docker: Docker, id: string, request: Streams, ctx: Context): Promise<StreamSession> {
  const container = docker.getContainer(id);
  const socket = (await engineCall(ctx, () =>
    container.attach({
      stream: true,
      hijack: true,
      stdin: request.stdin,
      stdout: request.stdout || request.tty,
      stderr: request.stderr && !request.tty,
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

/** Runs to the end or to the deadline; a command that outlives it is killed. */
export async function execToEnd(
  executing: Executing,
  id: string,
  command: readonly string[],
  timeoutSeconds: number,
  ctx: Context,
): Promise<ExecResult> {
  const controller = new AbortController();
  const signal = AbortSignal.any([ctx.signal, controller.signal]);
  let timedOut = false;
  const cancel = ctx.clock.after(timeoutSeconds * 1000, () => {
    timedOut = true;
    controller.abort(new DOMException(`command did not end within ${timeoutSeconds}s`, 'TimeoutError'));
  });
  const output: Buffer[] = [];
  try {
    const session = await startExec(
      executing,
      id,
      { command, stdin: false, stdout: true, stderr: true, tty: false, abandoned: 'kill' },
      { ...ctx, signal },
    );
    await Promise.all([collect(session.stdout, output), collect(session.stderr, output)]);
    return { exitCode: await session.exitCode, output: cut(output), timedOut: false };
  } catch (error) {
    if (timedOut && !ctx.signal.aborted) return { exitCode: -1, output: cut(output), timedOut: true };
    throw error;
  } finally {
    cancel();
  }
}

const cut = (output: readonly Buffer[]): string => Buffer.concat(output).subarray(0, outputLimit).toString();

async function collect(stream: Readable | undefined, into: Buffer[]): Promise<void> {
  if (!stream) return;
  let size = 0;
  for await (const chunk of stream) {
    if (size < outputLimit) into.push(chunk as Buffer);
    size += (chunk as Buffer).length;
  }
}

function splitStreams(socket: Duplex, request: Streams): Pick<StreamSession, 'stdin' | 'stdout' | 'stderr'> {
  const { stdout, stderr } = request.tty ? { stdout: socket as Readable, stderr: undefined } : demultiplex(socket);
  if (!request.stdin) socket.end();
  const wanted = (stream: Readable | undefined, asked: boolean) => {
    if (!asked) stream?.resume();
    return asked ? stream : undefined;
  };
  return {
    stdin: request.stdin ? socket : undefined,
    stdout: wanted(stdout, request.stdout),
    stderr: wanted(stderr, request.stderr),
  };
}

/**
 * The engine takes the end of input for the wish to hear no more, unless the container takes input only once. In Kubernetes a container
 * whose input stays open for others goes on being heard.
 */
const withoutEnd = (socket: Duplex): Writable =>
  new Writable({ write: (chunk, _encoding, done) => void socket.write(chunk, done) });

/**
 * The end of its input may end who leads a command, and without him nobody finds those he left in the background: he is known first. A
 * client that goes away ends the input, too, and may do so sooner than the engine has told of him.
 */
function endsAfter(known: Promise<unknown>, stdin: NodeJS.WritableStream): Writable {
  const end = (ended: () => void) => void known.then(() => stdin.end(ended));
  const passing = new Writable({
    write: (chunk, _encoding, done) => void stdin.write(chunk, done),
    final: (done) => end(() => done()),
    destroy: (_error, done) => {
      end(() => {});
      done(null);
    },
  }).on('error', () => {});
  stdin.once('close', () => passing.destroy());
  return passing;
}

/** Resolves when the engine has sent everything; an aborted context closes the session. */
function bindToContext(socket: Duplex, ctx: Context, abandon: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(ctx.signal.reason);
      // Who leads them is found before the end of their input may end him.
      void abandon()
        .catch(() => {})
        .then(() => socket.destroy());
    };
    const finish = () => {
      ctx.signal.removeEventListener('abort', abort);
      resolve();
    };
    socket.once('end', finish).once('close', finish);
    // A reset tells no more than the end does; the exit code is asked for separately.
    socket.on('error', () => {});
    if (ctx.signal.aborted) abort();
    else ctx.signal.addEventListener('abort', abort, { once: true });
  });
}

/** The engine closes the stream a moment before it records the end. */
async function execExitCode(exec: Docker.Exec, ctx: Context): Promise<number> {
  for (let wait = 2; ; wait = Math.min(wait * 2, 200)) {
    const info = await engineCall(ctx, () => exec.inspect());
    if (!info.Running && info.ExitCode !== null) return info.ExitCode;
    await ctx.clock.sleep(wait, ctx.signal);
  }
}

/**
 * The engine has no call to end an exec; its process is one of this machine's. Undefined when it has ended, or runs in a machine of its
 * own (Docker Desktop): there the closed stream has to do.
 */
async function leaderOf(exec: Docker.Exec, ctx: Context): Promise<Leader | undefined> {
  const lasting: Context = { ...ctx, signal: new AbortController().signal };
  const inspect = () => answerWithin({ who: 'the engine', limit: INSPECT_LIMIT }, () => exec.inspect(), lasting);
  // It answers a moment before the process is there.
  for (let wait = 2; wait < 1_000; wait *= 2) {
    const info = await inspect().catch(() => undefined);
    if (!info || info.ExitCode !== null) return undefined;
    if (info.Running && info.Pid > 0) return findLeader(info.Pid);
    await ctx.clock.sleep(wait, lasting.signal);
  }
  return undefined;
}

async function startable<T>(ctx: Context, call: () => Promise<T>): Promise<T> {
  try {
    return await engineCall(ctx, call);
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    throw new ContainerStartError(engineWords(error), { cause: error });
  }
}

/** Nobody need wait for an exit code: then its failure is nobody's fault either. */
function settle(code: Promise<number>): Promise<number> {
  code.catch(() => {});
  return code;
}
