import { spawn } from 'node:child_process';
import { exitCodeOfChild } from '@kubernest/process';
import { programFile } from '../cluster/programs.ts';
import type { CommandDefinition } from '../command/command.ts';

/** The program itself with the flags as given, in the foreground. */
const programCommand = (name: string, file: 'api' | 'node-agent', about: string): CommandDefinition<object> => ({
  name,
  heading: 'This machine',
  about: `${about} Takes the flags of the program itself.`,
  handsOnFlags: true,
  run: ({ args }, { signal }) => runProgram(file, args, signal),
});

export const server = programCommand('server', 'api', 'Run the control plane alone.');
export const agent = programCommand('agent', 'node-agent', 'Run the node agent alone.');

function runProgram(name: 'api' | 'node-agent', args: readonly string[], signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, ['--enable-source-maps', programFile(name), ...args], { stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, ended) => resolve(exitCodeOfChild(code, ended)));
  });
}
