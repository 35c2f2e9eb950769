import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Context, Milliseconds } from '@kubernest/kit';
import { usageExit } from '@kubernest/process';
import { UsageError } from '../command/command.ts';
import type { ClusterDir } from './cluster-dir.ts';
import { stopperOf } from './holders.ts';
import { openLog } from './process-log.ts';

/** One that told why it fails has nothing to do any more but to end. */
const patience: Milliseconds = 5000;

/** Of a start that was told to end before the cluster was up: what follows must not take it for one that is. */
export const interruptedExit = 130;

/** What runs in the background. */
export interface BackgroundStart {
  readonly dir: ClusterDir;
  /** Of Node.js: a program and its arguments, none of which sends it to the background again. */
  readonly args: readonly string[];
  readonly say: (line: string) => void;
}

/**
 * Runs a program in the background and waits until it says that it is ready, or ends. `say` gets what it says on the way.
 * Aborting ends it, and rejects when it has ended; one that is ready goes on.
 */
export async function startInBackground({ dir, args, say }: BackgroundStart, ctx: Context): Promise<void> {
  const log = openLog(dir.logFile('up'));
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const end = (): void => {
    child.kill('SIGTERM');
  };
  ctx.signal.addEventListener('abort', end, { once: true });
  await new Promise<void>((resolve, reject) => {
    // What it told is a sentence of its own, which its user would get in the foreground.
    const failed = (word: string, code?: number | null): void =>
      reject(code === usageExit ? new UsageError(word) : new Error(word));
    const ended = (how: string): void => {
      const where = dir.exists() && !how.includes(dir.in('run')) ? `; see ${dir.logFile('up')}` : '';
      reject(new Error(`the cluster did not come up: ${how}${where}`));
    };
    // Whoever stops it may remove its log too, and that says no more than this.
    const stopped = (): void =>
      reject(new Error('the cluster did not come up: it was told to stop by another command'));
    let told: string | undefined;
    let waitNoLonger = (): void => {};
    child.on('message', (message: { readonly failed?: string; readonly said?: string }) => {
      if (message.said !== undefined) return say(message.said);
      // Whatever it says now, it has been told to end.
      if (ctx.signal.aborted) return;
      const word = message.failed;
      if (word === undefined) return resolve();
      told = word;
      waitNoLonger = ctx.clock.after(patience, () => failed(word));
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      waitNoLonger();
      if (ctx.signal.aborted) reject(ctx.signal.reason);
      else if (told !== undefined) failed(told, code);
      else if (code === interruptedExit || (signal && stopperOf(dir))) stopped();
      else ended(signal ?? `exit code ${code}`);
    });
  }).finally(() => ctx.signal.removeEventListener('abort', end));
  if (child.connected) child.disconnect();
  child.unref();
}
