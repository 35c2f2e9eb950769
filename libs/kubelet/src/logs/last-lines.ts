import type { LogEntry } from './log-lines.ts';

/** Keeps the last lines; a long line that comes in parts is one. */
export class LastLines {
  #lines: LogEntry[][] = [];
  /** Before it are those that are dropped, at once for many: to drop the first of a long list moves all others. */
  #first = 0;
  #open: LogEntry[] | undefined;

  constructor(private readonly count: number) {}

  add(entry: LogEntry): void {
    if (this.count === 0) return;
    if (!this.#open) {
      this.#open = [];
      this.#lines.push(this.#open);
    }
    this.#open.push(entry);
    if (entry.text.endsWith('\n')) this.#open = undefined;
    if (this.#lines.length - this.#first <= this.count) return;
    this.#lines[this.#first++] = [];
    if (this.#first < this.count + 1) return;
    this.#lines = this.#lines.slice(this.#first);
    this.#first = 0;
  }

  *entries(): Generator<LogEntry> {
    for (let at = this.#first; at < this.#lines.length; at++) yield* this.#lines[at]!;
  }
}
