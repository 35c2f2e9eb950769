import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { paced, type Steps } from '@kubernest/meta';
import type { ContainerState } from '@kubernest/runtime/contract';
import type { RuntimeView } from '../pods/runtime-view.ts';
import { LastLines } from './last-lines.ts';
import { CAUGHT_UP, followLog } from './log-files.ts';
import { type LogEntry, type LogOptions, LogWriter, parseLogLine } from './log-lines.ts';

/** So many short lines take a fraction of a millisecond. */
const LINES_A_STEP = 32;
/** What is sent at once of the last lines. */
const LINES_A_WRITE = 512;

type ContainerView = Pick<RuntimeView, 'container' | 'onContainerChange'>;

/** Writes one container's log as asked, at the reader's pace, and returns when it is complete. All who read logs share their turns. */
export async function serveLog(
  state: ContainerState,
  options: LogOptions,
  view: ContainerView,
  out: Writable,
  signal: AbortSignal,
): Promise<void> {
  if (!state.logPath) return;
  const writer = new LogWriter(options);
  const send = async (entries: Iterable<LogEntry>): Promise<void> => {
    await paced(each(entries, (entry) => writer.write(entry)));
    const bytes = writer.take();
    if (bytes.length > 0 && !out.write(bytes)) await once(out, 'drain', { signal });
  };
  const ended = (): boolean => !options.follow || view.container(state.id)?.state !== 'running';
  let tail = options.tailLines === undefined ? undefined : new LastLines(options.tailLines);
  for await (const lines of followLog(state.logPath, {
    ended,
    onEnd: (wake) => view.onContainerChange(state.id, wake),
    signal,
  })) {
    if (lines !== CAUGHT_UP) {
      if (tail) await paced(each(parsed(lines), (entry) => writer.wants(entry) && tail?.add(entry)));
      else await send(parsed(lines));
    } else if (tail) {
      for (const some of inParts(tail.entries(), LINES_A_WRITE)) if (!writer.full) await send(some);
      tail = undefined;
    }
    if (writer.full) return;
  }
}

function* parsed(lines: readonly string[]): Generator<LogEntry> {
  for (const line of lines) {
    const entry = parseLogLine(line);
    if (entry) yield entry;
  }
}

function* each(entries: Iterable<LogEntry>, take: (entry: LogEntry) => void): Steps<void> {
  let taken = 0;
  for (const entry of entries) {
    take(entry);
    if (++taken % LINES_A_STEP === 0) yield;
  }
}

function* inParts(entries: Iterable<LogEntry>, size: number): Generator<readonly LogEntry[]> {
  let part: LogEntry[] = [];
  for (const entry of entries) {
    part.push(entry);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
