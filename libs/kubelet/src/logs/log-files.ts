import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ifThere } from '@kubernest/process';

const CHUNK = 64 * 1024;

/** A log with its rotated forerunners, oldest first: `x.log.2`, `x.log.1`, `x.log`. Each is open, so rotation cannot take it away. */
async function openAll(path: string): Promise<FileHandle[]> {
  const files: FileHandle[] = [];
  const current = await ifThere(open(path, 'r'));
  if (!current) return [];
  files.unshift(current);
  try {
    const seen = new Set([(await current.stat()).ino]);
    for (let n = 1; ; n++) {
      const older = await ifThere(open(`${path}.${n}`, 'r'));
      if (!older) return files;
      const { ino } = await older.stat();
      // Rotated between two opens: what was current is now the first forerunner.
      if (seen.has(ino)) await older.close();
      else files.unshift(older);
      seen.add(ino);
    }
  } catch (error) {
    await Promise.all(files.map((file) => file.close()));
    throw error;
  }
}

/** Reads one open file from a position on; a last line without its end stays for later. */
class LineReader {
  #position = 0;
  #rest = Buffer.alloc(0);
  #chunk: Buffer | undefined;

  constructor(readonly file: FileHandle) {}

  /** Whole lines, as many as are read at once. */
  async *lines(): AsyncGenerator<readonly string[]> {
    this.#chunk ??= Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const { bytesRead } = await this.file.read(this.#chunk, 0, CHUNK, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      const data = Buffer.concat([this.#rest, this.#chunk.subarray(0, bytesRead)]);
      const end = data.lastIndexOf(10) + 1;
      this.#rest = data.subarray(end);
      if (end > 0) yield data.toString('utf8', 0, end - 1).split('\n');
    }
  }
}

/** Between what was there when reading began and what came later. */
export const CAUGHT_UP = Symbol('caught up');

export interface FollowOptions {
  /** Nothing more will be written. */
  readonly ended: () => boolean;
  /** Resolves when the container may have ended, so that the end is looked at once more. */
  readonly onEnd: (wake: () => void) => () => void;
  readonly signal: AbortSignal;
}

/**
 * All lines from the start and then those to come, woken by the file system, across rotations, until the container has ended and its
 * last byte is read. Nothing is lost or doubled: a rotated file is read to its end before its successor.
 */
export async function* followLog(
  path: string,
  options: FollowOptions,
): AsyncGenerator<readonly string[] | typeof CAUGHT_UP> {
  const bell = new Bell();
  const watcher = watchFolder(path, () => bell.ring());
  const release = options.onEnd(() => bell.ring());
  const abort = (): void => bell.ring();
  options.signal.addEventListener('abort', abort, { once: true });
  let caughtUp = false;
  let readers = (await openAll(path)).map((file) => new LineReader(file));
  try {
    while (!options.signal.aborted) {
      // Ask before reading: what was written before the end is then surely read.
      const ended = options.ended();
      for (const reader of readers) yield* reader.lines();
      const next = await successors(path, readers);
      if (next.rotated) {
        const kept = readers.at(-1);
        for (const reader of readers) if (reader !== kept) await reader.file.close();
        // The old current one may have got its last line while it was renamed.
        if (kept) yield* kept.lines();
        await kept?.file.close();
        readers = next.readers;
        continue;
      }
      if (!caughtUp) yield CAUGHT_UP;
      caughtUp = true;
      if (ended) return;
      await bell.wait();
    }
  } finally {
    watcher?.close();
    release();
    options.signal.removeEventListener('abort', abort);
    await Promise.all(readers.map((r) => r.file.close().catch(() => {})));
  }
}

/** The files after the one being read, when there are any. */
async function successors(
  path: string,
  readers: readonly LineReader[],
): Promise<{ rotated: boolean; readers: LineReader[] }> {
  const current = readers.at(-1);
  const now = await ifThere(stat(path));
  if (!now) return { rotated: false, readers: [] };
  const mine = current ? (await current.file.stat()).ino : undefined;
  if (mine === now.ino) return { rotated: false, readers: [] };
  const files = await openAll(path);
  const inodes = await Promise.all(files.map(async (f) => (await f.stat()).ino));
  const after = mine === undefined ? -1 : inodes.lastIndexOf(mine);
  await Promise.all(files.slice(0, after + 1).map((f) => f.close()));
  return { rotated: true, readers: files.slice(after + 1).map((f) => new LineReader(f)) };
}

function watchFolder(path: string, ring: () => void): FSWatcher | undefined {
  try {
    const name = basename(path);
    const watcher = watch(dirname(path), (_event, file) => {
      if (file === null || file.startsWith(name)) ring();
    });
    watcher.on('error', ring);
    return watcher;
  } catch {
    return undefined;
  }
}

/** Remembers a ring until someone waits for it. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#rung = false;
    this.#wake = undefined;
  }
}
