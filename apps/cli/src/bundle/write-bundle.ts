import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { fileFault } from '@kubernest/process';
import { pack } from 'tar-stream';
import { blotter } from './blot.ts';
import type { Entry } from './entry.ts';
import type { Secret } from './secret-texts.ts';

/** Writes a new tar.gz that only this user may read, with no secret in it: each text is searched for them. Nothing stays of one that failed. */
export async function writeBundle(file: string, entries: readonly Entry[], known: Iterable<Secret>): Promise<void> {
  try {
    await fill(await open(file, 'wx', 0o600), entries, blotter(known));
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (!isThere) await rm(file, { force: true }).catch(() => {});
    throw new Error(`${file} cannot be written: ${isThere ? await whatIsThere(file) : fileFault(error)}`, {
      cause: error,
    });
  }
}

async function fill(file: FileHandle, entries: readonly Entry[], blot: ReturnType<typeof blotter>): Promise<void> {
  const tar = pack();
  const written = pipeline(tar as unknown as Readable, createGzip(), file.createWriteStream());
  for (const entry of entries) {
    const text = 'text' in entry ? blot.text(entry.text) : JSON.stringify(blot.value(entry.value), null, 1);
    // What goes wrong comes out of the pipeline; the entries that wait are told of it, too.
    tar.entry({ name: `kubernest/${entry.file}`, mode: 0o600 }, text)?.on('error', () => {});
  }
  tar.finalize();
  await written;
}

async function whatIsThere(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return found?.isDirectory() ? 'it is a folder; name a file in it' : 'it is there already; name another, or remove it';
}
