import { spawn } from 'node:child_process';
import type { Screen } from './svg.ts';
import type { Line } from './take.ts';

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly screen: Screen;
}

/** Runs a command on a pseudo terminal, which `script` makes, to its end. */
export function onTerminal(
  command: string,
  { cwd, env, screen }: Place,
): Promise<{ readonly code: number; readonly pieces: readonly Line[] }> {
  const line = `stty rows ${screen.rows} cols ${screen.columns}; ${command}`;
  const args = ['--quiet', '--return', '--flush', '--command', line, '/dev/null'];
  const begun = performance.now();
  const pieces: Line[] = [];
  return new Promise((resolve, reject) => {
    // Its input stays open until it ends: to a terminal, the end of input is a key.
    const child = spawn('script', args, { cwd, env: { ...env, SHELL: '/bin/sh' }, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      pieces.push({ at: Math.round(performance.now() - begun), text });
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, pieces }));
  });
}
