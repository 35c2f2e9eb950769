import inspector from 'node:inspector';
import type { Milliseconds } from '@kubernest/kit';

/** What a supervised process says of itself, and how often. */
export const beatEvery: Milliseconds = 1000;

export interface Beat {
  readonly alive: true;
  /** Somebody looks at it with a debugger, which may hold it for as long as they think. */
  readonly debugged: boolean;
}

/** How a process ends that no restart will mend (sysexits.h: EX_CONFIG). */
export const terminalExit = 78;

let beating = false;

/** Tells whoever started this process, again and again, that its event loop turns. Started by hand there is nobody to tell. */
export function startBeating(): void {
  if (!process.connected) return;
  beating = true;
  const beat = (): void => {
    const message: Beat = { alive: true, debugged: inspector.url() !== undefined };
    // Whoever listened may be gone at any time, and need not be missed.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  beat();
  const timer = setInterval(beat, beatEvery).unref();
  process.channel?.unref();
  process.once('disconnect', () => clearInterval(timer));
}

/** Tells whoever started this process that it can serve now. Started by hand there is nobody to tell. */
export function announceReady(): void {
  if (!process.connected) return;
  process.send?.({ ready: true });
  if (!beating) process.disconnect?.();
}

/** Tells whoever started this process why it ends: a log may have no room for it. Started by hand there is nobody to tell. */
export async function announceFailure(message: string): Promise<void> {
  if (!process.connected) return;
  // It is to leave before the process does; whoever listened may be gone.
  await new Promise<void>((sent) => process.send?.({ failed: message }, undefined, undefined, () => sent()));
}

/** Tells whoever started this process and waits what it does just now. Started by hand there is nobody to tell. */
export function announceProgress(line: string): void {
  // Whoever listened may be gone.
  if (process.connected) process.send?.({ said: line }, undefined, undefined, () => {});
}
