import { type Duplex, type Readable, Writable } from 'node:stream';
import type { Context } from '@kubernest/kit';
import type { ExecRequest, StreamSession } from '@kubernest/runtime/contract';
import { demultiplex } from './demultiplex.ts';

/** Which streams are wanted. */
export type SessionRequest = Omit<ExecRequest, 'command'>;

export function splitStreams(
  socket: Duplex,
  request: SessionRequest,
): Pick<StreamSession, 'stdin' | 'stdout' | 'stderr'> {
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
 * The end of its input may end who leads a command, and without him nobody finds those he left in the background: he is known first. A
 * client that goes away ends the input, too, and may do so sooner than the engine has told of him.
 */
export function endsAfter(known: () => Promise<void>, stdin: NodeJS.WritableStream): Writable {
  const end = (ended: () => void) => void known().then(() => stdin.end(ended));
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
export function bindToContext(socket: Duplex, ctx: Context, abandon: () => Promise<void>): Promise<void> {
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

/** Nobody need wait for an exit code: then its failure is nobody's fault either. */
export function settle(code: Promise<number>): Promise<number> {
  code.catch(() => {});
  return code;
}
