import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { blot } from './blot.ts';
import type { Entry } from './entry.ts';

/** Writes a new tar.gz that only this user may read, with no secret in it: each text is searched for them. Nothing stays of one that failed. */
export async function writeBundle(file: string, entries: readonly Entry[], known: Iterable<string>): Promise<void> {
  const secrets = [...new Set(known)];
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const tar = pack();
  const written = pipeline(tar as unknown as Readable, createGzip(), out);
  for (const { file: name, text } of entries)
    tar.entry({ name: `kubernest/${name}`, mode: 0o600 }, blot(text, secrets));
  tar.finalize();
  try {
    await written;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(file, { force: true });
    throw error;
  }
}
