import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** What a child gets that was asked to end and goes on, after how many milliseconds. npm passes over SIGINT, and ends at SIGTERM. */
const insistence = { SIGTERM: 1_000, SIGKILL: 3_000 };
/** For one that breaks what it was working on when it is killed. */
export const patience = { SIGKILL: 10_000 };

/** Somebody stopped this process while it waited. */
export class StoppedError extends Error {
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Runs a command to its end, with all that it starts in a process group of its own: a signal to this process goes to the group, which is gone
 * when this rejects with StoppedError. `lock` is a descriptor that the child keeps open. With `quiet` its output is kept back. `name` is what
 * people call it, `insist` what it gets when it does not end.
 */
export function runChild(command, args, options = {}) {
  const { name = command, cwd, env, quiet = false, lock = 'ignore', insist = insistence } = options;
  let stoppedBy;
  const timers = [];
  const onSignal = (signal) => {
    endGroup(child, stoppedBy ? 'SIGKILL' : signal);
    if (stoppedBy) return;
    stoppedBy = signal;
    console.log(`stopping ${name} … (again: ends it at once)`);
    for (const [next, after] of Object.entries(insist)) timers.push(setTimeout(() => endGroup(child, next), after));
  };
  // Before it is started: it may say something, and be stopped for that, before the next line here.
  for (const signal of signals) process.on(signal, onSignal);
  const out = quiet ? 'pipe' : 'inherit';
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', out, out, lock] });
  let stderr = '';
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => resolve({ ok: false, stderr: String(error) }));
    // What the command left running would hold its output open: it is gone before `close` can come.
    child.once('exit', () => stoppedBy && endGroup(child, 'SIGKILL'));
    child.once('close', async (code) => {
      if (!stoppedBy) return resolve({ ok: code === 0, stderr });
      await groupGone(child);
      reject(new StoppedError(stoppedBy));
    });
  }).finally(() => {
    for (const timer of timers) clearTimeout(timer);
    for (const signal of signals) process.off(signal, onSignal);
  });
}

/** True while there is a group; nobody is harmed by signal 0. */
function endGroup({ pid }, signal) {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    return false;
  }
}

/** Where nobody reaps what has ended, its group seems to be there for ever. */
async function groupGone(child) {
  const until = performance.now() + 1000;
  while (endGroup(child, 0) && performance.now() < until) await sleep(10);
}
