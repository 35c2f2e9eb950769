import { constants } from 'node:os';
import { isAborted, messageOf, TerminalError } from '@kubernest/kit';
import { commandName } from './command-name.ts';
import { terminalExit } from './ready.ts';

/** The command line itself is wrong, whatever the machine is like. */
export class UsageError extends Error {}

/** How a program ends whose command line is wrong. */
export const usageExit = 2;

/** Whatever `read` throws of a command line is a fault of that. `command` is the one of `kubernest` to ask for help. */
export function readCommandLine<T>(command: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${messageOf(error)}; see: ${commandName()} ${command} --help`, { cause: error });
  }
}

/** What it says last then. `command` is the one of `kubernest` that starts it. */
export const faultLine = (command: string, error: unknown): string =>
  `${commandName()} ${command}: ${messageOf(error)}`;

/** How a program ends that threw. */
export function exitCodeOf(error: unknown): number {
  if (isAborted(error)) return 0;
  if (error instanceof UsageError) return usageExit;
  return error instanceof TerminalError ? terminalExit : 1;
}

/** How a program ends that another one took the place of: as that did, and by a signal as a shell tells it. */
export const exitCodeOfChild = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal ? constants.signals[signal] : 0);
