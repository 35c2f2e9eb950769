import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ContainerState } from '@kubernest/runtime/contract';
import type { RuntimeView } from '../pods/runtime-view.ts';
import { CAUGHT_UP, followLog } from './log-files.ts';
import { type LogEntry, type LogOptions, LogWriter } from './log-lines.ts';

/** Writes one container's log as asked, at the reader's pace, and returns when it is complete. */
export async function serveLog(
  state: ContainerState,
  options: LogOptions,
  view: RuntimeView,
  out: Writable,
  signal: AbortSignal,
): Promise<void> {
  if (!state.logPath) return;
  const writer = new LogWriter(options);
  const send = async (entry: LogEntry): Promise<void> => {
    const bytes = writer.write(entry);
    if (bytes?.length && !out.write(bytes)) await once(out, 'drain', { signal });
  };
  const ended = (): boolean => !options.follow || view.container(state.id)?.state !== 'running';
  const tail = options.tailLines === undefined ? undefined : new LastLines(options.tailLines);
  let buffering = tail !== undefined;
  for await (const entry of followLog(state.logPath, {
    ended,
    onEnd: (wake) => view.onContainerChange(state.id, wake),
    signal,
  })) {
    if (entry === CAUGHT_UP) {
      for (const last of tail?.entries ?? []) await send(last);
      buffering = false;
    } else if (buffering) {
      if (writer.wants(entry)) tail?.add(entry);
    } else await send(entry);
    if (writer.full) return;
  }
}

/** Keeps the last lines; a long line that comes in parts is one. */
class LastLines {
  #lines: LogEntry[][] = [];
  #open: LogEntry[] | undefined;

  constructor(private readonly count: number) {}

  get entries(): readonly LogEntry[] {
    return this.#lines.flat();
  }

  add(entry: LogEntry): void {
    if (this.count === 0) return;
    if (!this.#open) {
      this.#open = [];
      this.#lines.push(this.#open);
    }
    this.#open.push(entry);
    if (entry.text.endsWith('\n')) this.#open = undefined;
    if (this.#lines.length > this.count) this.#lines.shift();
  }
}
