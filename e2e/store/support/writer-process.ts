import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Attempt, SeenEvent } from './history.ts';
import type { Line } from './writer-program.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a TypeScript program of this folder in a process of its own, which is the process that gets the signal. */
export function startProgram(file: string, args: readonly string[], wrapper: readonly string[] = []): ChildProcess {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const command = [...wrapper, process.execPath, '--import', import.meta.resolve('tsx'), program, ...args];
  return spawn(command[0]!, command.slice(1), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A writer with a watch, and all it said across its lives. */
export class WriterProcess {
  readonly #attempts = new Map<string, Attempt>();
  readonly events: SeenEvent[] = [];
  /** Up to where its watch has told everything; undefined until it opened its store. */
  seen: number | undefined;
  #acknowledged = 0;
  #life = 0;
  #child: ChildProcess | undefined;
  #errors = '';

  constructor(
    private readonly name: string,
    private readonly store: readonly [kind: 'sqlite' | 'etcd', place: string, prefix: string],
  ) {}

  get attempts(): readonly Attempt[] {
    return [...this.#attempts.values()];
  }

  /** Lives until `writes` more are acknowledged, then is killed in the middle of whatever it does. */
  async live(writes: number): Promise<void> {
    const after = this.seen === undefined ? '' : String(this.seen);
    const child = startProgram('./writer-program.ts', [...this.store, `${this.name}${this.#life++}`, after]);
    this.#child = child;
    child.stderr?.on('data', (data) => {
      this.#errors += data;
    });
    const target = this.#acknowledged + writes;
    const lines = createInterface({ input: child.stdout! });
    const ended = once(lines, 'close');
    lines.on('line', (text) => {
      if (text.endsWith('}')) this.#hear(JSON.parse(text) as Line);
      if (this.#acknowledged >= target) child.kill('SIGKILL');
    });
    await ended;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (child.signalCode !== 'SIGKILL') throw new Error(`the writer ended by itself: ${this.#errors}`);
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  #hear(line: Line): void {
    switch (line.say) {
      case 'opened':
        this.seen ??= line.revision;
        return;
      case 'try':
        this.#attempts.set(line.id, { ...line, acknowledged: undefined });
        return;
      case 'ack':
        this.#attempts.set(line.id, { ...this.#attempts.get(line.id)!, acknowledged: line.revision });
        if (line.revision !== 'refused') this.#acknowledged++;
        return;
      case 'seen':
        this.seen = line.through;
        for (const [key, value, revision] of line.events) this.events.push({ key, value, revision });
    }
  }
}
