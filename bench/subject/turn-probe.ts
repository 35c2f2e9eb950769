/**
 * Loaded into the measured process (`--import`): the longest turn of its event loop, in CPU time of its main thread. What other programs of
 * a busy machine take from it so counts for nothing; what the collector of garbage does on this thread counts.
 */
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 1;

/** What the probe answers to any message. */
export interface LongestTurn {
  readonly longestTurnMs: number;
}

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

if (isMainThread && process.send) {
  let longestTurnMs = 0;
  let before = cpuMs();
  // A timer comes once in every turn that is longer than its interval.
  setInterval(() => {
    const now = cpuMs();
    longestTurnMs = Math.max(longestTurnMs, now - before);
    before = now;
  }, EVERY_MS).unref();
  process.on('message', () => {
    process.send!({ longestTurnMs } satisfies LongestTurn);
    longestTurnMs = 0;
  });
  process.channel!.unref();
}
