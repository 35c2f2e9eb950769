import { spawn } from 'node:child_process';
import { answerWithin, type Context, type Milliseconds } from '@kubernest/kit';
import { notStarted } from '@kubernest/process';

/** A plugin, or a lock that iptables waits for, may hang. Less than the kubelet waits for a whole network, so that the error tells who. */
const COMMAND_LIMIT: Milliseconds = 60_000;

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandInput {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end; one that does not end is killed. Rejects when it cannot be started, when it is killed, or with the signal's
 * reason; its exit code is the caller's to judge.
 */
export const runCommand = (
  program: string,
  args: readonly string[],
  given: CommandInput,
  ctx: Context,
): Promise<CommandResult> =>
  answerWithin({ who: program, limit: COMMAND_LIMIT }, (limited) => run(program, args, given, limited), ctx);

function run(
  program: string,
  args: readonly string[],
  { input, env }: CommandInput,
  ctx: Context,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    ctx.signal.throwIfAborted();
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      signal: ctx.signal,
      killSignal: 'SIGKILL',
    });
    const read = (stream: NodeJS.ReadableStream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      return () => Buffer.concat(chunks).toString();
    };
    const [stdout, stderr] = [read(child.stdout), read(child.stderr)];
    child.once('error', (error) => reject(ctx.signal.aborted ? ctx.signal.reason : notStarted(program, error)));
    child.once('close', (code) => resolve({ code: code ?? -1, stdout: stdout(), stderr: stderr() }));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

/** The same, where anything but success is a fault. */
export async function runChecked(
  program: string,
  args: readonly string[],
  given: CommandInput,
  ctx: Context,
): Promise<string> {
  const { code, stdout, stderr } = await runCommand(program, args, given, ctx);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${code}: ${(stderr || stdout).trim()}`);
  return stdout;
}
