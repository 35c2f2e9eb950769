import { type Duplex, pipeline, type Readable } from 'node:stream';
import type { Context, Milliseconds } from '@kubernest/kit';
import {
  ContainerStartError,
  type ExecRequest,
  type ExecResult,
  type StreamSession,
} from '@kubernest/runtime/contract';
import type Docker from 'dockerode';
import type { AbandonedSessions } from './abandoned-sessions.ts';
import { Command, type Ending } from './command.ts';
import { engineCall, engineWords, statusOf } from './engine-error.ts';
import type { ExecMark } from './exec-mark.ts';
import { bindToContext, endsAfter, settle, splitStreams } from './session-streams.ts';
import { couldNotRun, StartFailureFilter } from './start-failure.ts';

/** Output that a probe may keep. */
const outputLimit = 10 * 1024;

/** How long an engine that does not tell who leads a command keeps its input from ending, or its session from being closed. */
const KNOWN_LIMIT: Milliseconds = 10_000;

/** What executes: the engine, and the sessions that it is being rid of. */
export interface Executing {
  readonly docker: Docker;
  readonly abandoned: AbandonedSessions;
  readonly mark: ExecMark;
}

interface OpenExec extends ExecRequest {
  /** What becomes of its processes when nobody wants it any longer. */
  readonly ending: Ending;
}

/** A command for somebody who reads and writes; who leaves, hangs up. */
export const openExec = (
  executing: Executing,
  id: string,
  request: ExecRequest,
  ctx: Context,
): Promise<StreamSession> => startExec(executing, id, { ...request, ending: 'hang-up' }, ctx);

/** Starts `command`; nothing of its output is lost, as the streams flow from the first byte. */
async function startExec(executing: Executing, id: string, request: OpenExec, ctx: Context): Promise<StreamSession> {
  const exec = await startable(ctx, () => createExec(executing, id, request));
  const command = new Command(exec, id, ctx.clock);
  const abandon = once(async () => {
    executing.abandoned.add(() => command.end(request.ending));
    await command.known(KNOWN_LIMIT);
  });
  const starting = exec.start({ hijack: true, stdin: true, Tty: request.tty }) as Promise<Duplex>;
  const socket = await startable(ctx, () => starting).catch((error: unknown) => {
    executing.abandoned.add(() => whenStarted(starting, abandon));
    throw error;
  });
  // Known early, the first process leads to those that it leaves in the background.
  if (request.ending === 'hang-up') void command.leader();
  const socketEnded = bindToContext(socket, ctx, abandon);
  const recorded = settle(socketEnded.then(() => execExitCode(exec, ctx)));
  // The engine may have nothing more to say long before the command ends (with a terminal, when its input ends), and may fail to say that it did.
  recorded.catch(abandon);
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
    stdin: stdin && request.ending === 'hang-up' ? endsAfter(() => command.known(KNOWN_LIMIT), stdin) : stdin,
    stdout: request.stdout ? filter : undefined,
    stderr,
    async resize(columns, rows) {
      if (request.tty) await engineCall(ctx, () => exec.resize({ w: columns, h: rows }));
    },
    exitCode: settle(exitCode),
  };
}

const createExec = ({ docker, mark }: Executing, id: string, request: ExecRequest): Promise<Docker.Exec> =>
  docker.getContainer(id).exec({
    Cmd: [...request.command],
    AttachStdin: request.stdin,
    // Also where nobody wants it: a session of input alone would last until the input ends, whatever becomes of the command.
    AttachStdout: true,
    AttachStderr: request.stderr && !request.tty,
    Tty: request.tty,
    DetachKeys: mark.detachKeys,
  });

/** Who asked has left before it was started: what the engine starts all the same is ended, as is what it may have when it says nothing. */
async function whenStarted(starting: Promise<Duplex>, abandon: () => Promise<void>): Promise<void> {
  try {
    const socket = await starting;
    socket.on('error', () => {});
    await abandon();
    socket.destroy();
  } catch (error) {
    if (statusOf(error) === undefined) await abandon();
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
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
      { command, stdin: false, stdout: true, stderr: true, tty: false, ending: 'kill' },
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

/** The engine closes the stream a moment before it records the end. */
async function execExitCode(exec: Docker.Exec, ctx: Context): Promise<number> {
  for (let wait = 2; ; wait = Math.min(wait * 2, 200)) {
    const info = await engineCall(ctx, () => exec.inspect());
    if (!info.Running && info.ExitCode !== null) return info.ExitCode;
    await ctx.clock.sleep(wait, ctx.signal);
  }
}

async function startable<T>(ctx: Context, call: () => Promise<T>): Promise<T> {
  try {
    return await engineCall(ctx, call);
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    throw new ContainerStartError(engineWords(error), { cause: error });
  }
}
