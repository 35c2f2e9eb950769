import { spawn } from 'node:child_process';
import { programFile } from '../cluster/programs.ts';

/** `kubernest server …` and `kubernest agent …`: the program itself with the flags as given, in the foreground. */
export function runProgram(name: 'api' | 'node-agent', args: readonly string[], signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, ['--enable-source-maps', programFile(name), ...args], { stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, ended) => resolve(code ?? (ended ? 128 : 1)));
  });
}
