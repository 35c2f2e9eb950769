import { pipeline } from 'node:stream/promises';
import type { StreamSession } from '@kubernest/runtime/contract';
import type { RemoteCommandChannels } from './channels.ts';
import { exitStatus, failureStatus } from './exit-status.ts';
import { followSize } from './follow-size.ts';

export interface ServeOptions {
  /** What the failure's message begins with: `error executing command in container`. */
  readonly failure: string;
  /** Whether the process' exit code is told. compat: attach ends in success whatever the process returned. */
  readonly tellsExitCode: boolean;
}

export const execServing: ServeOptions = { failure: 'error executing command in container', tellsExitCode: true };
export const attachServing: ServeOptions = { failure: 'error attaching to container', tellsExitCode: false };

/**
 * Joins a client's channels to a session of the runtime and tells the client how it ended. `open` gets the signal of the client's
 * going away. Resolves when the session is over; never rejects.
 */
export async function serveRemoteCommand(
  channels: RemoteCommandChannels,
  open: StreamSession | ((signal: AbortSignal) => Promise<StreamSession>),
  options: ServeOptions = execServing,
): Promise<void> {
  try {
    const session = typeof open === 'function' ? await open(channels.signal) : open;
    channels.onResize(followSize((columns, rows) => session.resize(columns, rows)));
    if (channels.stdin && session.stdin) pipeline(channels.stdin, session.stdin).catch(() => {});
    const outputs = [
      [session.stdout, channels.stdout],
      [session.stderr, channels.stderr],
    ] as const;
    await Promise.all(
      outputs.map(async ([from, to]) => {
        if (!from) return;
        // An output that the client closed early flows on into nothing, so that the process does not block on it.
        if (to) await pipeline(from, to).catch(() => {});
        if (!from.destroyed && !from.readableEnded) from.resume();
      }),
    );
    // An attach ends with its streams, even where the process itself runs on.
    const code = options.tellsExitCode ? await session.exitCode : 0;
    await channels.exit(exitStatus(code));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await channels.exit(failureStatus(new Error(`${options.failure}: ${message}`, { cause: error })));
  }
}
