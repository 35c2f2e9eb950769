import { type ChildProcess, spawn } from 'node:child_process';
import { expect } from 'vitest';
import { eventually, run } from './test-cluster.ts';

/** A program on a pseudo-terminal of its own, as somebody sits before it. */
export class Terminal {
  /** All that appeared on the screen. */
  screen = '';
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  /** `script` makes the terminal; the program starts in it with 24 rows of 80 columns. */
  constructor(command: readonly string[], env: NodeJS.ProcessEnv) {
    const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const line = `tty; stty rows 24 cols 80; exec ${quoted}`;
    this.#child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
      env: { ...process.env, SHELL: '/bin/sh', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdin!.on('error', () => {}); // a program that ended reads nothing
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      this.screen += chunk.toString();
    });
    this.ended = new Promise((done, fail) => {
      this.#child.once('error', fail);
      this.#child.once('close', (code) => done(code ?? 1));
    });
  }

  type(text: string): void {
    this.#child.stdin!.write(text);
  }

  /** Waits until the screen, from its `from`th character on, shows the pattern. */
  async shows(pattern: RegExp, from = 0): Promise<void> {
    await eventually(async () => expect(this.screen.slice(from)).toMatch(pattern), 15_000);
  }

  /** What a terminal window does when its corner is dragged. */
  async resize(rows: number, cols: number): Promise<void> {
    const device = /\/dev\/pts\/\d+/.exec(this.screen)![0];
    await run('stty', ['-F', device, 'rows', String(rows), 'cols', String(cols)]);
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}
