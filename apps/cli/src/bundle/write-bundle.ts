import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
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
  const blot = blotter(known);
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const tar = pack();
  // Its own faults come out of the pipeline, also those of before it.
  const written = pipeline(tar as unknown as Readable, createGzip(), out);
  try {
    for (const entry of entries) {
      const text = 'text' in entry ? blot.text(entry.text) : JSON.stringify(blot.value(entry.value), null, 1);
      tar.entry({ name: `kubernest/${entry.file}`, mode: 0o600 }, text);
    }
    tar.finalize();
    await written;
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (!isThere) await rm(file, { force: true }).catch(() => {});
    throw new Error(`${file} cannot be written: ${isThere ? await whatIsThere(file) : fileFault(error)}`, {
      cause: error,
    });
  }
}

async function whatIsThere(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return found?.isDirectory() ? 'it is a folder; name a file in it' : 'it is there already; name another, or remove it';
}
