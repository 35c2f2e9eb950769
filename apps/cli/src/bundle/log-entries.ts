import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileFault, ifThere } from '@kubernest/process';
import type { ClusterDir } from '../cluster/cluster-dir.ts';
import type { Entry } from './entry.ts';

/** So much of the end of each log. */
const most = 5 * 1024 * 1024;

/** The ends of the logs of the cluster's parts. */
export async function logEntries(dir: ClusterDir): Promise<readonly Entry[]> {
  const run = dir.in('run');
  try {
    const names = (await ifThere(readdir(run))) ?? [];
    const logs = names.filter((name) => /\.log(\.1)?$/.test(name)).map((name) => join(run, name));
    const told = logs.map((file) => readable(`logs/${basename(file)}`, () => endOf(file)));
    return (await Promise.all(told)).filter((entry) => entry !== undefined);
  } catch (error) {
    return [{ file: 'logs/not-read.txt', text: `${run} cannot be read: ${fileFault(error)}` }];
  }
}

/** A file that cannot be read is worth a word. */
async function readable(file: string, read: () => Promise<string | undefined>): Promise<Entry | undefined> {
  try {
    const text = await ifThere(read());
    return text === undefined ? undefined : { file, text };
  } catch (error) {
    return { file, text: `cannot be read: ${fileFault(error)}` };
  }
}

/** From the beginning of a line on. */
async function endOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - most);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}
