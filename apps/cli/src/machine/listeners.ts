import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { socketHolder } from './socket-holder.ts';

/** Which process listens. */
export interface Holder {
  readonly pid: number;
  readonly command: string;
}

/** /proc/net/tcp's word for a socket that listens. */
const listening = '0A';

/** The inode of the socket that listens on a port, from the text of /proc/net/tcp or tcp6; undefined where none does. */
export function listenerInode(table: string, port: number): string | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const fields = table.split('\n').map((line) => line.trim().split(/\s+/));
  return fields.find((line) => line[1]?.endsWith(suffix) && line[3] === listening)?.[9];
}

/** Whether anything on this machine listens on the port, and which process where this user may see it. */
export async function listenerOn(port: number): Promise<{ readonly isFree: boolean; readonly holder?: Holder }> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const inode = tables.map((table) => listenerInode(table, port)).find((found) => found !== undefined);
  return inode === undefined ? { isFree: true } : { isFree: false, holder: await holderOf(inode) };
}

async function holderOf(inode: string): Promise<Holder | undefined> {
  const pid = socketHolder(inode);
  return pid === undefined ? undefined : { pid, command: await commandOf(pid) };
}

export const holderWords = (holder: Holder | undefined): string =>
  holder ? `${holder.command} (pid ${holder.pid})` : 'a program that this user may not see';

/** Programs of Node.js call themselves `node-MainThread` to the kernel. */
async function commandOf(pid: number): Promise<string> {
  const [name, line] = await Promise.all(
    ['comm', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  const own = name?.trim() ?? '';
  return (own.endsWith('MainThread') && basename(line?.split('\0')[0] ?? '')) || own || '?';
}
